-- The order of a listing that bounds the time, with what it looks through.
DROP INDEX delivery_received;
CREATE INDEX delivery_by_time ON delivery(received_at, seq, pruned_at, vendor, route, event, account, key);

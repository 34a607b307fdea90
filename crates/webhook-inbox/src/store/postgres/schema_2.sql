-- What a listing looks through, in its two orders and without the pages of bodies.
CREATE INDEX delivery_shown ON webhook_inbox.delivery(seq) INCLUDE (vendor, route, event, account, key, received_at)
  WHERE pruned_at IS NULL;
DROP INDEX webhook_inbox.delivery_received;
CREATE INDEX delivery_by_time ON webhook_inbox.delivery(received_at, seq)
  INCLUDE (pruned_at, vendor, route, event, account, key);

-- What a listing looks through, in its order and without the pages of bodies.
CREATE INDEX delivery_shown ON delivery(seq, vendor, route, event, account, key, received_at) WHERE pruned_at IS NULL;

-- The keys whose window ends, which are adjusted when the clock was set back.
CREATE INDEX delivery_window ON webhook_inbox.delivery(dedup_until) WHERE dedup_until IS NOT NULL;

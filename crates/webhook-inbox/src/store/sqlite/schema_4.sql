-- Removed deliveries whose keys are kept for a time, by the end of that time.
CREATE INDEX delivery_kept_key ON delivery(dedup_until) WHERE pruned_at IS NOT NULL;

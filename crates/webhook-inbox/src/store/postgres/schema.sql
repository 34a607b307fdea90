CREATE TABLE webhook_inbox.delivery(
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vendor text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  -- The key while it is unique. Afterwards nothing, so that an equal event is a new one.
  dedup text,
  -- Until when it is unique, in milliseconds since 1970 like every time here; nothing means for ever.
  dedup_until bigint,
  event text,
  account text,
  occurred_at bigint,
  received_at bigint NOT NULL,
  copies bigint NOT NULL DEFAULT 1,
  last_at bigint NOT NULL,
  headers text NOT NULL,
  pruned_at bigint,
  body bytea NOT NULL
);

CREATE UNIQUE INDEX delivery_once ON webhook_inbox.delivery(vendor, route, dedup);
CREATE INDEX delivery_received ON webhook_inbox.delivery(received_at);

CREATE TABLE webhook_inbox.sink(
  name text PRIMARY KEY,
  created_at bigint NOT NULL,
  paused_until bigint NOT NULL DEFAULT 0,
  -- Older deliveries that are still to be dispatched: those behind the first number, up to the second.
  backfill_after bigint NOT NULL DEFAULT 0,
  backfill_to bigint NOT NULL DEFAULT 0
);

CREATE TABLE webhook_inbox.dispatch(
  seq bigint NOT NULL,
  sink text NOT NULL,
  -- 0 pending, 1 claimed, 2 done, 3 dead, 4 skipped.
  state smallint NOT NULL DEFAULT 0,
  -- Attempts since the delivery was stored or replayed, and over all replays.
  attempts integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  -- Grows with every claim and replay: who holds an older number settles nothing.
  lease bigint NOT NULL DEFAULT 0,
  -- When the next attempt is due, or the lease of the one that is under way ends.
  due_at bigint NOT NULL,
  error text,
  PRIMARY KEY(seq, sink)
) WITH (fillfactor = 80);

CREATE INDEX dispatch_ready ON webhook_inbox.dispatch(sink, due_at, seq) WHERE state < 2;
CREATE INDEX dispatch_dead ON webhook_inbox.dispatch(sink, seq) WHERE state = 3;

CREATE TABLE webhook_inbox.attempt(
  seq bigint NOT NULL,
  sink text NOT NULL,
  number integer NOT NULL,
  at bigint NOT NULL,
  -- 0 done, 1 retry, 2 dead.
  ended smallint NOT NULL,
  note text,
  PRIMARY KEY(seq, sink, number)
);

CREATE TABLE webhook_inbox.meta(
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version integer NOT NULL,
  clock bigint NOT NULL DEFAULT 0
);

INSERT INTO webhook_inbox.meta(version) VALUES (1);

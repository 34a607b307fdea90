CREATE TABLE delivery(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  vendor TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  -- The key while it is unique. Afterwards nothing, so that an equal event is a new one.
  dedup TEXT,
  -- Until when it is unique; nothing means for ever.
  dedup_until INTEGER,
  event TEXT,
  account TEXT,
  occurred_at INTEGER,
  received_at INTEGER NOT NULL,
  copies INTEGER NOT NULL DEFAULT 1,
  last_at INTEGER NOT NULL,
  headers TEXT NOT NULL,
  pruned_at INTEGER,
  -- Last, so that a listing does not read the pages of bodies.
  body BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX delivery_once ON delivery(vendor, route, dedup);
CREATE INDEX delivery_received ON delivery(received_at);

CREATE TABLE sink(
  name TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  paused_until INTEGER NOT NULL DEFAULT 0,
  -- Older deliveries that are still to be dispatched: those behind the first number, up to the second.
  backfill_after INTEGER NOT NULL DEFAULT 0,
  backfill_to INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE dispatch(
  seq INTEGER NOT NULL,
  sink TEXT NOT NULL,
  -- 0 pending, 1 claimed, 2 done, 3 dead, 4 skipped.
  state INTEGER NOT NULL DEFAULT 0,
  -- Attempts since the delivery was stored or replayed, and over all replays.
  attempts INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  -- Grows with every claim and replay: who holds an older number settles nothing.
  lease INTEGER NOT NULL DEFAULT 0,
  -- When the next attempt is due, or the lease of the one that is under way ends.
  due_at INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY(seq, sink)
) STRICT, WITHOUT ROWID;

CREATE INDEX dispatch_ready ON dispatch(sink, due_at, seq) WHERE state < 2;
CREATE INDEX dispatch_dead ON dispatch(sink, seq) WHERE state = 3;

CREATE TABLE attempt(
  seq INTEGER NOT NULL,
  sink TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- 0 done, 1 retry, 2 dead.
  ended INTEGER NOT NULL,
  note TEXT,
  PRIMARY KEY(seq, sink, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta(name, value) VALUES ('clock', 0);

-- An inbox of schema version 1 in SQLite, with three deliveries. Never changed.
CREATE TABLE delivery(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  vendor TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  dedup TEXT,
  dedup_until INTEGER,
  event TEXT,
  account TEXT,
  occurred_at INTEGER,
  received_at INTEGER NOT NULL,
  copies INTEGER NOT NULL DEFAULT 1,
  last_at INTEGER NOT NULL,
  headers TEXT NOT NULL,
  pruned_at INTEGER,
  body BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX delivery_once ON delivery(vendor, route, dedup);
CREATE INDEX delivery_received ON delivery(received_at);

CREATE TABLE sink(
  name TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  paused_until INTEGER NOT NULL DEFAULT 0,
  backfill_after INTEGER NOT NULL DEFAULT 0,
  backfill_to INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE dispatch(
  seq INTEGER NOT NULL,
  sink TEXT NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  lease INTEGER NOT NULL DEFAULT 0,
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
  ended INTEGER NOT NULL,
  note TEXT,
  PRIMARY KEY(seq, sink, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta(name, value) VALUES ('clock', 0);
PRAGMA application_id = 1466067017;
PRAGMA user_version = 1;
PRAGMA journal_mode = wal;

INSERT INTO sink(name, created_at, backfill_after, backfill_to) VALUES ('tickets', 1772366400000, 0, 0);
INSERT INTO delivery(vendor, route, key, dedup, event, account, occurred_at, received_at, copies, last_at, headers, body) VALUES
  ('qase', '', 'id:1', 'id:1', 'run.completed', 'DEMO', 1772366400000, 1772366401000, 1, 1772366401000,
   '[["content-type","application/json"]]', x'7b7d'),
  ('qase', '', 'id:2', 'id:2', NULL, NULL, NULL, 1772366402000, 3, 1772366409000, '[]', x'7b226964223a202232227dff'),
  ('deepsource', 'production', 'id:3', 'id:3', 'test.event', NULL, NULL, 1772366403000, 1, 1772366403000, '[]', x'7b7d');
INSERT INTO dispatch(seq, sink, state, attempts, total, lease, due_at, error) VALUES
  (1, 'tickets', 2, 1, 1, 1, 1772366401500, NULL),
  (2, 'tickets', 3, 2, 2, 2, 1772366404000, '410 Gone'),
  (3, 'tickets', 0, 0, 0, 0, 1772366403000, NULL);
INSERT INTO attempt(seq, sink, number, at, ended, note) VALUES
  (1, 'tickets', 1, 1772366401500, 0, NULL),
  (2, 'tickets', 1, 1772366402500, 1, '503'),
  (2, 'tickets', 2, 1772366404000, 2, '410 Gone');
UPDATE meta SET value = 1772366410000 WHERE name = 'clock';

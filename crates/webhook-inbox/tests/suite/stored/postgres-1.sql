-- An inbox of schema version 1 in PostgreSQL, with three deliveries. Never changed.
CREATE SCHEMA webhook_inbox;
CREATE TABLE webhook_inbox.delivery(
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vendor text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  dedup text,
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
  backfill_after bigint NOT NULL DEFAULT 0,
  backfill_to bigint NOT NULL DEFAULT 0
);

CREATE TABLE webhook_inbox.dispatch(
  seq bigint NOT NULL,
  sink text NOT NULL,
  state smallint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  lease bigint NOT NULL DEFAULT 0,
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

INSERT INTO webhook_inbox.sink(name, created_at, backfill_after, backfill_to) VALUES ('tickets', 1772366400000, 0, 0);
INSERT INTO webhook_inbox.delivery(vendor, route, key, dedup, event, account, occurred_at, received_at, copies, last_at, headers, body) VALUES
  ('qase', '', 'id:1', 'id:1', 'run.completed', 'DEMO', 1772366400000, 1772366401000, 1, 1772366401000,
   '[["content-type","application/json"]]', '\x7b7d'),
  ('qase', '', 'id:2', 'id:2', NULL, NULL, NULL, 1772366402000, 3, 1772366409000, '[]', '\x7b226964223a202232227dff'),
  ('deepsource', 'production', 'id:3', 'id:3', 'test.event', NULL, NULL, 1772366403000, 1, 1772366403000, '[]', '\x7b7d');
INSERT INTO webhook_inbox.dispatch(seq, sink, state, attempts, total, lease, due_at, error) VALUES
  (1, 'tickets', 2, 1, 1, 1, 1772366401500, NULL),
  (2, 'tickets', 3, 2, 2, 2, 1772366404000, '410 Gone'),
  (3, 'tickets', 0, 0, 0, 0, 1772366403000, NULL);
INSERT INTO webhook_inbox.attempt(seq, sink, number, at, ended, note) VALUES
  (1, 'tickets', 1, 1772366401500, 0, NULL),
  (2, 'tickets', 1, 1772366402500, 1, '503'),
  (2, 'tickets', 2, 1772366404000, 2, '410 Gone');
UPDATE webhook_inbox.meta SET clock = 1772366410000;

-- Spot checks: batches whose seed was committed to before anything was drawn, the doors of their
-- lists, and what became of those drawn. docs/adr/0027.
CREATE TABLE check_batch (
  id          INTEGER PRIMARY KEY,
  label       TEXT NOT NULL UNIQUE,  -- 310112901-20261122-1: area, day, number
  area        TEXT NOT NULL,
  method      TEXT NOT NULL,         -- code of check-method
  per_grid    INTEGER NOT NULL,
  nonce       BLOB NOT NULL,         -- the server's key makes the seed of it
  commitment  BLOB NOT NULL,         -- SHA-256 of the seed
  seed        BLOB,                  -- shown once it was used
  frame       BLOB,                  -- SHA-256 over the list that was drawn from
  state       TEXT NOT NULL,         -- committed, listed, drawn, locked
  due_ms      INTEGER NOT NULL,
  appeal_days INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  created_ms  INTEGER NOT NULL,
  drawn_ms    INTEGER,
  locked_ms   INTEGER,
  version     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX check_batch_area ON check_batch (area);

CREATE TABLE check_door (
  batch       INTEGER NOT NULL REFERENCES check_batch,
  ord         INTEGER NOT NULL,      -- its place in the list, from 0
  grid        TEXT NOT NULL,
  door        TEXT NOT NULL,
  unit        TEXT NOT NULL,
  shop        BLOB,                  -- the register's own doors name their shop
  rank        INTEGER,               -- its place among those drawn of its grid, from 0
  checker     TEXT,                  -- staff number
  held        TEXT,                  -- JSON: what the register said at the draw; null: nothing
  state       TEXT NOT NULL,         -- listed, drawn, answered, judged, appealed, decided
  record      BLOB,                  -- the spot check that answers it
  seen        BLOB,                  -- what was seen, sealed under that record's key
  answered_ms INTEGER,
  judgement   TEXT,
  fields      TEXT NOT NULL DEFAULT '', -- what is wrong, separated by blanks
  judge       TEXT,                  -- login of the last who judged
  until_ms    INTEGER,               -- appeals are taken until then
  appeal_task BLOB,                  -- the task in which the inspector appealed
  version     INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (batch, ord)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX check_door_text ON check_door (batch, door, unit);
CREATE INDEX check_door_drawn ON check_door (batch, grid, rank) WHERE rank IS NOT NULL;
CREATE INDEX check_door_checker ON check_door (checker, state) WHERE checker IS NOT NULL;

-- What was said of a door, step by step.
CREATE TABLE check_step (
  batch     INTEGER NOT NULL,
  ord       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  step      TEXT NOT NULL,           -- judge, appeal, decide
  actor     TEXT NOT NULL,           -- login; an appeal's staff number
  judgement TEXT,
  fields    TEXT NOT NULL,
  reason    TEXT NOT NULL,
  time_ms   INTEGER NOT NULL,
  PRIMARY KEY (batch, ord, at)
) WITHOUT ROWID, STRICT;

-- Tasks about a door: a spot check, an appeal against its judgement.
ALTER TABLE task_request ADD COLUMN batch INTEGER REFERENCES check_batch;
ALTER TABLE task_request ADD COLUMN door INTEGER;
ALTER TABLE task_request ADD COLUMN due_ms INTEGER;

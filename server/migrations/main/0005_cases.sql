-- Cases, their ledger and clocks; marks on items; rosters; tasks to be given. References only: who
-- and what a case is about stands in the records.

-- What dispatch's items are called in the journal, and what lists of them are filtered by.
CREATE TABLE item_ref (
  item     INTEGER PRIMARY KEY REFERENCES item,
  uid      BLOB NOT NULL UNIQUE,     -- 16 bytes, derived from (rule, record, cause)
  class    TEXT,                     -- findings: class and severity as they stand
  severity TEXT,
  shop     BLOB                      -- the shop that the record belongs to
) STRICT;

-- What offices did with items, one row each: 录入状态 is the last one of a record.
CREATE TABLE item_mark (
  item    INTEGER NOT NULL REFERENCES item,
  ord     INTEGER NOT NULL,
  mark    TEXT NOT NULL,             -- entered, existing, back, done, filed, void
  actor   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  roster  INTEGER REFERENCES roster, -- filed: with which roster
  PRIMARY KEY (item, ord)
) WITHOUT ROWID, STRICT;
CREATE INDEX item_mark_roster ON item_mark (roster) WHERE roster IS NOT NULL;

-- Monthly rosters that were filed: 1 is the roster, later ones are its supplements.
CREATE TABLE roster (
  id      INTEGER PRIMARY KEY,
  office  TEXT NOT NULL,
  month   TEXT NOT NULL,             -- YYYY-MM
  area    TEXT NOT NULL,             -- area code that it covers
  number  INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  UNIQUE (office, month, area, number)
) STRICT;

CREATE TABLE case_file (
  id            INTEGER PRIMARY KEY,
  uid           BLOB NOT NULL UNIQUE, -- 16 bytes
  number        TEXT,                 -- 20261122-000123 within its street, once filed
  type          TEXT NOT NULL,        -- finding, business
  class         TEXT NOT NULL,        -- finding class, or the rule's id
  severity      TEXT,
  grid          TEXT NOT NULL,
  street        TEXT NOT NULL,
  record        BLOB,                 -- what it is about; none for what came without a record
  shop          BLOB,
  source        TEXT NOT NULL,        -- code of finding-source
  state         TEXT NOT NULL,
  before        TEXT,                 -- state to go back to after an answer
  office        TEXT NOT NULL,        -- who has it
  handler       TEXT,                 -- sign-in name
  received_ms   INTEGER NOT NULL,
  filed_ms      INTEGER,
  assigned_ms   INTEGER,              -- the first assignment: clocks start
  closed_ms     INTEGER,
  due_ms        INTEGER,              -- of the open milestone that is due first
  due_state     TEXT NOT NULL,        -- none, running, paused, unknown (no calendar)
  returns       INTEGER NOT NULL DEFAULT 0,
  reworks       INTEGER NOT NULL DEFAULT 0,
  asked         TEXT,                 -- extension, postponement
  asked_at      INTEGER,              -- extension: place of the milestone
  asked_amount  INTEGER,
  asked_until   INTEGER,
  joined_into   INTEGER REFERENCES case_file,
  version       INTEGER NOT NULL DEFAULT 1,
  UNIQUE (street, number)
) STRICT;
CREATE INDEX case_grid ON case_file (grid, state);
CREATE INDEX case_office ON case_file (office, state, due_ms);
CREATE INDEX case_due ON case_file (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX case_record ON case_file (record) WHERE record IS NOT NULL;

CREATE TABLE case_counter (
  street TEXT NOT NULL,
  day    TEXT NOT NULL,              -- YYYYMMDD
  last   INTEGER NOT NULL,
  PRIMARY KEY (street, day)
) WITHOUT ROWID, STRICT;

-- Who reported it: each keeps the credit when cases are joined. Never shown to handlers.
CREATE TABLE case_reporter (
  case_id INTEGER NOT NULL REFERENCES case_file,
  device  BLOB NOT NULL,
  record  BLOB NOT NULL,
  time_ms INTEGER NOT NULL,
  PRIMARY KEY (case_id, device, record)
) WITHOUT ROWID, STRICT;

CREATE TABLE case_milestone (
  case_id  INTEGER NOT NULL REFERENCES case_file,
  at       INTEGER NOT NULL,         -- its place, from 0
  name     TEXT NOT NULL,
  clock    TEXT NOT NULL,
  within   INTEGER NOT NULL,
  extra    INTEGER NOT NULL,         -- granted since
  bound    INTEGER NOT NULL,         -- how much may be granted
  due_ms   INTEGER,
  due_state TEXT NOT NULL,           -- running, paused, unknown
  done_ms  INTEGER,
  PRIMARY KEY (case_id, at)
) WITHOUT ROWID, STRICT;

CREATE TABLE case_pause (
  case_id INTEGER NOT NULL REFERENCES case_file,
  from_ms INTEGER NOT NULL,
  to_ms   INTEGER,
  PRIMARY KEY (case_id, from_ms)
) WITHOUT ROWID, STRICT;

CREATE TABLE case_ledger (
  case_id   INTEGER NOT NULL REFERENCES case_file,
  ord       INTEGER NOT NULL,
  step      TEXT NOT NULL,           -- open, joined_by, or a step
  from_state TEXT,
  to_state  TEXT NOT NULL,
  actor     TEXT,                    -- sign-in name; none where a rule did it
  role      TEXT,
  office    TEXT,
  to_office TEXT,
  handler   TEXT,
  milestone TEXT,
  amount    INTEGER,
  until_ms  INTEGER,
  verifier  TEXT,                    -- staff number; shown as the reporter is
  other     INTEGER,                 -- the other case, where two were joined
  reason    TEXT NOT NULL,
  time_ms   INTEGER NOT NULL,
  PRIMARY KEY (case_id, ord)
) WITHOUT ROWID, STRICT;

CREATE TABLE case_attachment (
  case_id INTEGER NOT NULL REFERENCES case_file,
  ord     INTEGER NOT NULL,          -- of the ledger row
  record  BLOB NOT NULL,
  sha256  BLOB NOT NULL,
  PRIMARY KEY (case_id, ord, record, sha256)
) WITHOUT ROWID, STRICT;
CREATE INDEX case_attachment_hash ON case_attachment (sha256);

-- Tasks that wait to be given to an inspector's phone.
CREATE TABLE task_request (
  id         INTEGER PRIMARY KEY,
  type       TEXT NOT NULL,          -- recollect, verify
  item       INTEGER REFERENCES item,
  case_id    INTEGER REFERENCES case_file,
  record     BLOB,
  grid       TEXT NOT NULL,
  device     BLOB,                   -- recollect: who collected it
  actor      TEXT NOT NULL,
  reason     TEXT NOT NULL,          -- what to collect again
  created_ms INTEGER NOT NULL,
  state      TEXT NOT NULL,          -- open, given, done
  task       BLOB                    -- the record of kind task, once it was given
) STRICT;
CREATE INDEX task_request_task ON task_request (task) WHERE task IS NOT NULL;
CREATE INDEX task_request_state ON task_request (state, id);

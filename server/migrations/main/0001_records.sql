-- Records: what was merged. Personal kinds are sealed under the record's key (keys.db): salt,
-- registers, snapshot and chunks. In clear stand ids, kinds, grids and counters.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,            -- epoch, verified_through, outgoing, own_number.<class>, …
  value INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE record (
  n           INTEGER PRIMARY KEY,
  id          BLOB NOT NULL UNIQUE,  -- 16 bytes
  kind        TEXT NOT NULL,
  grid        TEXT NOT NULL,
  move_number INTEGER NOT NULL,
  salt        BLOB NOT NULL,         -- 16 bytes, sealed for personal kinds
  sealed      INTEGER NOT NULL,
  placed      INTEGER NOT NULL,      -- 1 once something of it was accepted
  number      INTEGER,               -- its number in its grid's feed
  registers   BLOB NOT NULL,         -- protocol.cddl: registers
  changes     INTEGER NOT NULL,      -- changes accepted
  bytes       INTEGER NOT NULL,      -- bytes of their chunks
  conflicted  INTEGER NOT NULL,      -- open conflicts
  alive       INTEGER NOT NULL,      -- whether its presence shows it
  follows     BLOB,                  -- id of the record whose grid it follows
  merged_into BLOB,                  -- id of the record that replaces it
  touched_ms  INTEGER NOT NULL       -- server time of the last accepted change
) STRICT;
CREATE INDEX record_grid ON record (grid, kind, id);
CREATE INDEX record_follows ON record (follows) WHERE follows IS NOT NULL;

-- The last snapshot that was proven to load, and how many changes it holds.
CREATE TABLE snapshot (
  n       INTEGER PRIMARY KEY REFERENCES record,
  changes INTEGER NOT NULL,
  bytes   BLOB NOT NULL
) STRICT;

-- Every accepted change, in the order in which it entered (ord, from 1, per record).
CREATE TABLE change (
  n      INTEGER NOT NULL REFERENCES record,
  actor  BLOB NOT NULL,              -- 8 bytes
  seq    INTEGER NOT NULL,
  ord    INTEGER NOT NULL,
  hash   BLOB NOT NULL,
  time_ms INTEGER NOT NULL,          -- server time at which it entered
  chunk  BLOB NOT NULL,              -- sealed for personal kinds
  PRIMARY KEY (n, actor, seq)
) WITHOUT ROWID, STRICT;

-- Shown values of open kinds, as text, for lists and filters; never of personal kinds.
CREATE TABLE field_value (
  n     INTEGER NOT NULL REFERENCES record,
  key   TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (n, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX field_value_by_value ON field_value (key, value);

-- Folded text of open kinds and its pinyin initials, for search.
CREATE TABLE search_text (
  n    INTEGER PRIMARY KEY REFERENCES record,
  text TEXT NOT NULL
) STRICT;

-- HMAC of identity number, phone or credit code of personal kinds: equality without the value.
CREATE TABLE blind (
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  mac  BLOB NOT NULL,
  n    INTEGER NOT NULL REFERENCES record,
  PRIMARY KEY (kind, field, mac, n)
) WITHOUT ROWID, STRICT;
CREATE INDEX blind_n ON blind (n);

-- Open conflicts, and those that someone on the spot settled knowingly and that wait for a look.
CREATE TABLE conflict (
  n         INTEGER NOT NULL REFERENCES record,
  key       TEXT NOT NULL,
  state     TEXT NOT NULL,           -- open, contested (against a decision), settled
  version   INTEGER NOT NULL,        -- rises with every change of the values: the ETag
  since_ms  INTEGER NOT NULL,
  by_device BLOB,                    -- who settled it in the field
  PRIMARY KEY (n, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX conflict_state ON conflict (state, since_ms);

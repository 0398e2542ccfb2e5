-- What rules found: references only, rendered on read. Exactly once per (rule, record, cause).
CREATE TABLE item (
  id         INTEGER PRIMARY KEY,
  rule       TEXT NOT NULL,
  record     BLOB NOT NULL,          -- 16 bytes
  cause      BLOB NOT NULL,          -- hash of the change that wrote the triggering value
  kind       TEXT NOT NULL,
  grid       TEXT NOT NULL,          -- grid at the time
  office     TEXT NOT NULL,
  how        TEXT NOT NULL,          -- at_once, monthly
  form       TEXT NOT NULL,          -- item, case, item_then_case
  month      TEXT,                   -- monthly: YYYY-MM of the roster
  device     BLOB NOT NULL,          -- who wrote the value
  created_ms INTEGER NOT NULL,
  state      TEXT NOT NULL,          -- open, back (to be collected again), done, filed (became a case), void
  case_id    INTEGER,
  version    INTEGER NOT NULL DEFAULT 1,
  UNIQUE (rule, record, cause)
) STRICT;
CREATE INDEX item_office ON item (office, state, created_ms);
CREATE INDEX item_record ON item (record);

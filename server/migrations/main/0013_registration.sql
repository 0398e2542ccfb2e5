-- Lists of registered businesses that other offices sent, matched by credit code. What a list says
-- is sealed under a key of the list's own; in clear stand references and how they compare.
CREATE TABLE registration_list (
  id         INTEGER PRIMARY KEY,
  uid        BLOB NOT NULL UNIQUE,   -- 16 bytes: the name of its key
  name       TEXT NOT NULL,
  area       TEXT NOT NULL,
  actor      TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  erased_ms  INTEGER
) STRICT;

CREATE TABLE registration_row (
  list      INTEGER NOT NULL REFERENCES registration_list,
  ord       INTEGER NOT NULL,        -- the list's own rows first, then ours that it lacks
  entry     BLOB,                    -- JSON, sealed; null: a shop of ours that the list lacks
  status    TEXT NOT NULL,           -- new, equal, differs, unknown, missing
  party     BLOB,
  shop      BLOB,
  grid      TEXT,
  differs   TEXT NOT NULL DEFAULT '',-- name, business_type; separated by blanks
  mark      TEXT NOT NULL DEFAULT 'open', -- open, done, ignored
  mark_by   TEXT,
  mark_why  TEXT,
  mark_ms   INTEGER,
  task      INTEGER REFERENCES task_request,
  version   INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (list, ord)
) WITHOUT ROWID, STRICT;
CREATE INDEX registration_row_status ON registration_row (list, status, mark, ord);

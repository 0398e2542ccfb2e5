-- What offices add to a case: others gathered on it, help with licences. And outlines of grids.

-- 联合检查: offices that look at a case together with the one that has it.
CREATE TABLE case_gathered (
  case_id    INTEGER NOT NULL REFERENCES case_file,
  office     TEXT NOT NULL,
  code       TEXT,                   -- 检查码 of the joint inspection
  at_ms      INTEGER NOT NULL,
  opinion_ms INTEGER,                -- when it last said something
  PRIMARY KEY (case_id, office)
) WITHOUT ROWID, STRICT;
CREATE INDEX case_gathered_office ON case_gathered (office);

-- 协助办证: where each licence of a business that is being followed stands.
CREATE TABLE case_licence (
  case_id INTEGER NOT NULL REFERENCES case_file,
  licence TEXT NOT NULL,             -- code of licence-type
  state   TEXT NOT NULL,             -- helping, applied, granted, not_needed
  actor   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  PRIMARY KEY (case_id, licence)
) WITHOUT ROWID, STRICT;

CREATE TABLE grid_outline (
  grid    TEXT PRIMARY KEY,
  ring    TEXT NOT NULL,             -- JSON: [[longitude, latitude], …] in 1e-7 degrees, closed
  actor   TEXT NOT NULL,
  time_ms INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

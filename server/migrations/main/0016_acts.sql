-- Conflicts that were decided and are gone from the queue: they can be decided again, until somebody
-- writes the register anew.
CREATE TABLE conflict_decided (
  n        INTEGER NOT NULL REFERENCES record,
  key      TEXT NOT NULL,
  version  INTEGER NOT NULL,         -- goes on from the conflict's
  change   BLOB NOT NULL,            -- the decision that stands
  since_ms INTEGER NOT NULL,         -- when it was decided
  PRIMARY KEY (n, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX conflict_decided_since ON conflict_decided (since_ms);

-- What a merge wrote into the shop that stays, so that one act takes back both.
CREATE TABLE merge_taken (
  record   BLOB PRIMARY KEY,         -- the shop that was merged into the other
  other    BLOB NOT NULL,
  change   BLOB NOT NULL             -- what was written into the other
) WITHOUT ROWID, STRICT;

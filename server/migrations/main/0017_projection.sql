-- What stands beside records (search texts, values in clear and blinded, whose grid they follow)
-- depends on their kind. How each kind was when it was made, and how far making it anew has come
-- after another version of the schemas.
CREATE TABLE projection (
  kind    TEXT PRIMARY KEY,
  shape   TEXT NOT NULL,             -- what of the kind it depends on
  done    INTEGER NOT NULL,          -- records up to this number were looked at
  through INTEGER NOT NULL           -- those after it were made under this shape
) WITHOUT ROWID, STRICT;

-- The version of the schemas that phones were told last as the one in force.
CREATE TABLE schemas_in_force (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  digest  BLOB NOT NULL              -- SHA-256 of what it is served as
) STRICT;

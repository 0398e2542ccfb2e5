-- Versions of the schemas that were uploaded; the program's own stands in no row. Which draft a
-- phone tries is device.draft_schema.
CREATE TABLE schema_version (
  version      INTEGER PRIMARY KEY,
  state        TEXT NOT NULL,          -- draft, published, withdrawn
  bytes        BLOB NOT NULL,          -- CBOR: the files, as phones are served them
  actor        TEXT NOT NULL,          -- who uploaded it
  created_ms   INTEGER NOT NULL,
  published_by TEXT,
  published_ms INTEGER,
  revision     INTEGER NOT NULL DEFAULT 1
) STRICT;

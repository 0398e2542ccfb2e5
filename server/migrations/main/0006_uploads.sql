-- Files of records, addressed by (record, SHA-256). Their bytes lie under data/files, sealed for
-- personal kinds; each says there what it is, so that these rows can be made again.
CREATE TABLE file (
  record    BLOB NOT NULL,           -- 16 bytes
  sha256    BLOB NOT NULL,
  bytes     INTEGER NOT NULL,
  media     TEXT NOT NULL,
  device    BLOB NOT NULL,           -- who sent it
  stored_ms INTEGER NOT NULL,
  PRIMARY KEY (record, sha256)
) WITHOUT ROWID, STRICT;
CREATE INDEX file_sha256 ON file (sha256);

-- Files that another record had before: shown with the finding, for a person to judge.
CREATE TABLE file_reuse (
  record  BLOB NOT NULL,
  sha256  BLOB NOT NULL,
  earlier BLOB NOT NULL,             -- the record that had it first
  seen_ms INTEGER NOT NULL,
  PRIMARY KEY (record, sha256)
) WITHOUT ROWID, STRICT;

-- Uploads that are not finished: one of a device for a file.
CREATE TABLE upload (
  device     BLOB NOT NULL,
  record     BLOB NOT NULL,
  sha256     BLOB NOT NULL,
  bytes      INTEGER NOT NULL,       -- announced
  media      TEXT NOT NULL,          -- announced
  received   INTEGER NOT NULL,       -- Upload-Offset
  stored     INTEGER NOT NULL,       -- bytes of the file under data/files/partial that count
  pieces     INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (device, record, sha256)
) WITHOUT ROWID, STRICT;
CREATE INDEX upload_expires ON upload (expires_ms);

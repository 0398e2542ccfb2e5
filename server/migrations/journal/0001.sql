-- journal.db: append-only. What stands here survives; everything in main.db can be made again
-- from it.
CREATE TABLE entry (
  position INTEGER PRIMARY KEY,      -- from 1 without gaps
  time_ms  INTEGER NOT NULL,
  -- Number of the row in main.db's `outgoing` that this came from; null for what phones sent.
  source   INTEGER,
  payload  BLOB NOT NULL             -- protocol.cddl: journal-payload
) STRICT;

-- Each device's chain of bundles, in step with the entries.
CREATE TABLE chain (
  device   BLOB NOT NULL,            -- 6 bytes
  number   INTEGER NOT NULL,
  digest   BLOB NOT NULL,            -- SHA-256 of the manifest
  position INTEGER NOT NULL,
  PRIMARY KEY (device, number)
) WITHOUT ROWID, STRICT;

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,            -- source: last `outgoing` row that is in `entry`
  value INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

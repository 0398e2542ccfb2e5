-- What goes down to phones, and what waits.
CREATE TABLE feed_head (
  grid        TEXT PRIMARY KEY,
  seq         INTEGER NOT NULL,      -- last entry
  next_number INTEGER NOT NULL       -- next record number, never reused
) WITHOUT ROWID, STRICT;

CREATE TABLE feed (
  grid   TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  item   INTEGER NOT NULL,           -- 1 changes, 2 placed, 3 forget, 4 author, 5 server bundle
  n      INTEGER,                    -- the record
  actor  BLOB,                       -- 1: author's actor
  first  INTEGER,                    -- 1: first seq; 2: number; 3: move number
  count  INTEGER,                    -- 1: how many; 2: 1 with a snapshot
  bytes  BLOB,                       -- 4: device; 5: the bundle's key in own_bundle
  PRIMARY KEY (grid, seq)
) WITHOUT ROWID, STRICT;

-- Which record a number of a feed meant.
CREATE TABLE feed_number (
  grid   TEXT NOT NULL,
  number INTEGER NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (grid, number)
) WITHOUT ROWID, STRICT;

-- Devices whose name a grid's feed has told.
CREATE TABLE feed_author (
  grid   TEXT NOT NULL,
  device BLOB NOT NULL,
  PRIMARY KEY (grid, device)
) WITHOUT ROWID, STRICT;

CREATE TABLE device_item (
  device BLOB NOT NULL,
  seq    INTEGER NOT NULL,
  bytes  BLOB NOT NULL,              -- protocol.cddl: device-item
  PRIMARY KEY (device, seq)
) WITHOUT ROWID, STRICT;

-- Parts of bundles that wait, and those that were refused; their bytes are kept.
CREATE TABLE held (
  id        INTEGER PRIMARY KEY,     -- order of arrival
  device    BLOB NOT NULL,
  number    INTEGER NOT NULL,        -- bundle
  record    BLOB NOT NULL,
  n         INTEGER,
  actor     BLOB NOT NULL,
  schema    INTEGER NOT NULL,
  accepted  INTEGER NOT NULL,        -- changes of the part that entered
  chunks    BLOB NOT NULL,           -- CBOR list of the rest; sealed for personal kinds
  sealed    INTEGER NOT NULL,
  state     TEXT NOT NULL,           -- held, refused, settled
  reason    INTEGER NOT NULL,
  key       TEXT,                    -- field at fault
  released  INTEGER NOT NULL,
  since_ms  INTEGER NOT NULL,
  version   INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX held_record ON held (record, id) WHERE state = 'held';
CREATE INDEX held_state ON held (state, since_ms);

-- Actors whose later changes of a record are superseded, after a refusal.
CREATE TABLE superseded (
  record BLOB NOT NULL,
  actor  BLOB NOT NULL,
  PRIMARY KEY (record, actor)
) WITHOUT ROWID, STRICT;

-- Journal entries that were verified before one ahead of them was.
CREATE TABLE verified_ahead (position INTEGER PRIMARY KEY) STRICT;

-- What is to be journalled: written in the transaction of its effects.
CREATE TABLE outgoing (
  id      INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

-- Bundles that the server signed itself, as phones keep them.
CREATE TABLE own_bundle (
  device BLOB NOT NULL,
  number INTEGER NOT NULL,
  digest BLOB NOT NULL,              -- SHA-256 of its manifest
  n      INTEGER,                    -- the record whose key seals it; null for open kinds
  bytes  BLOB NOT NULL,              -- protocol.cddl: bundle; sealed for personal kinds
  PRIMARY KEY (device, number)
) WITHOUT ROWID, STRICT;

-- How far the server's own bundles are in a backup, by its devices.
CREATE TABLE own_backed_up (
  device BLOB PRIMARY KEY,
  number INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- What each of the newest backups has of phones' bundles and the server's own.
CREATE TABLE in_backup (
  backup INTEGER NOT NULL,           -- counted from 1
  device BLOB NOT NULL,
  number INTEGER NOT NULL,           -- its last bundle in it
  PRIMARY KEY (backup, device)
) WITHOUT ROWID, STRICT;

-- Own bundles that phones gave back after a restore and that wait for what they build on.
CREATE TABLE own_returned (
  device BLOB NOT NULL,
  number INTEGER NOT NULL,
  record BLOB,                       -- the record whose key seals it; null for open kinds
  bytes  BLOB NOT NULL,
  PRIMARY KEY (device, number)
) WITHOUT ROWID, STRICT;

CREATE TABLE inspector (
  id      INTEGER PRIMARY KEY,
  code    TEXT NOT NULL UNIQUE,      -- staff number
  name    TEXT NOT NULL,
  state   TEXT NOT NULL DEFAULT 'active'
) STRICT;

-- Which grids an inspector walks; a cover has an end.
CREATE TABLE duty (
  inspector INTEGER NOT NULL REFERENCES inspector,
  grid      TEXT NOT NULL,
  until_ms  INTEGER,
  PRIMARY KEY (inspector, grid)
) WITHOUT ROWID, STRICT;

CREATE TABLE ticket (
  digest     BLOB PRIMARY KEY,       -- SHA-256 of the ticket
  inspector  INTEGER NOT NULL REFERENCES inspector,
  expires_ms INTEGER NOT NULL,
  used_ms    INTEGER,
  device     BLOB,                   -- who used it: asked again, it is told the same
  by         TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE device (
  id           BLOB PRIMARY KEY,     -- 6 bytes
  inspector    INTEGER NOT NULL REFERENCES inspector,
  certificate  BLOB NOT NULL,        -- COSE_Sign1
  epoch        INTEGER NOT NULL,     -- highest granted
  enrolled_ms  INTEGER NOT NULL,
  confirmed_ms INTEGER,
  revoked_ms   INTEGER,
  forked_ms    INTEGER,
  backed_up    INTEGER NOT NULL DEFAULT 0,
  last_seen_ms INTEGER,
  read_seq     INTEGER NOT NULL DEFAULT 0, -- its own stream is read up to here
  app          TEXT,
  pending      INTEGER,
  attachments  INTEGER,
  store_bytes  INTEGER,
  draft_schema INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID, STRICT;

-- Second bundles under one number, for a person to see.
CREATE TABLE fork (
  device   BLOB NOT NULL,
  digest   BLOB NOT NULL,
  number   INTEGER NOT NULL,
  seen_ms  INTEGER NOT NULL,
  bundle   BLOB NOT NULL,            -- journal-payload: its parts sealed by record
  PRIMARY KEY (device, digest)
) WITHOUT ROWID, STRICT;

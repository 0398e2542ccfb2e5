-- The phone's store, version 1. Whatever says something about people or places is sealed
-- (AES-256-GCM under the data key; associated data: table and row). In clear stand only ids,
-- counters, states and what a locked phone needs to send its outbox.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- What lists and search need of a record; read whole when the book is opened.
CREATE TABLE summary (
    record BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

-- Header, registers and verified snapshot of a record.
CREATE TABLE record (
    id        INTEGER PRIMARY KEY,
    record    BLOB NOT NULL UNIQUE,
    header    BLOB NOT NULL,
    registers BLOB NOT NULL,
    snapshot  BLOB NOT NULL,
    -- 1 where the record's bytes could not be read: set aside, never overwritten.
    damaged   INTEGER NOT NULL DEFAULT 0
);

-- Changes after a record's snapshot, and all own ones until they are in a backup.
CREATE TABLE change (
    -- Order of arrival, in which each comes after those it depends on.
    local      INTEGER PRIMARY KEY AUTOINCREMENT,
    record     BLOB NOT NULL,
    -- 0 open, 1 in a bundle, 2 accepted, 3 held, 4 refused, 5 superseded, 6 from the feed.
    status     INTEGER NOT NULL,
    bundle     INTEGER,
    -- Where the record's state has it: 0 after the snapshot, 1 in the snapshot, 2 nowhere, as it
    -- waits for what a restored server has yet to get back.
    folded     INTEGER NOT NULL DEFAULT 0,
    -- Wall time of the commit, ms; own changes only, as all that follows.
    time_ms    INTEGER NOT NULL DEFAULT 0,
    bytes      INTEGER NOT NULL DEFAULT 0,
    -- Epoch of its actor: a bundle holds changes of one epoch.
    epoch      INTEGER NOT NULL DEFAULT 0,
    -- The header that this change proposes, sealed, as it was signed.
    header     BLOB,
    mac        BLOB,
    header_mac BLOB,
    chunk      BLOB,
    edits      BLOB,
    -- CBOR of the change sealed to the server.
    outer      BLOB
);
CREATE INDEX change_by_record ON change (record, local);
CREATE INDEX change_by_bundle ON change (bundle, local) WHERE bundle IS NOT NULL;
CREATE INDEX change_open ON change (local) WHERE status = 0;

CREATE TABLE bundle (
    number    INTEGER PRIMARY KEY,
    manifest  BLOB NOT NULL,
    signature BLOB,
    -- 1 where the server asked for version 1.
    raw       INTEGER NOT NULL DEFAULT 0
);

-- Why a record of a bundle was held or refused.
CREATE TABLE setback (
    bundle INTEGER NOT NULL,
    record BLOB NOT NULL,
    status INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    field  TEXT,
    PRIMARY KEY (bundle, record)
) WITHOUT ROWID;

-- Edits of a refused change, for the person to correct and send again.
CREATE TABLE returned (
    id      INTEGER PRIMARY KEY,
    record  BLOB NOT NULL,
    reason  INTEGER NOT NULL,
    field   TEXT,
    time_ms INTEGER NOT NULL,
    edits   BLOB NOT NULL
);

-- Cursors: the grid's code, or '' for the device's own stream.
CREATE TABLE stream (
    grid       TEXT PRIMARY KEY,
    epoch      INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    pack_at    INTEGER,
    pack_after BLOB
) WITHOUT ROWID;

-- Records that left this phone's grids and wait for their pending edits to be settled.
CREATE TABLE leaving (
    record BLOB PRIMARY KEY
) WITHOUT ROWID;

-- Records that a pack in progress has named.
CREATE TABLE packed (
    grid   TEXT NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (grid, record)
) WITHOUT ROWID;

-- Numbers that a grid's feed gave to records, of the server's present epoch.
CREATE TABLE number (
    grid   TEXT NOT NULL,
    number INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (grid, number)
) WITHOUT ROWID;
CREATE INDEX number_by_record ON number (record);

CREATE TABLE author (
    device BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE task (
    id     BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

-- Forms begun and not saved.
CREATE TABLE draft (
    name   TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE attachment (
    record   BLOB NOT NULL,
    sha256   BLOB NOT NULL,
    bytes    INTEGER NOT NULL,
    media    TEXT NOT NULL,
    -- Bytes the server has; all of them once it is uploaded.
    uploaded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (record, sha256)
) WITHOUT ROWID;

CREATE TABLE attachment_piece (
    id     INTEGER PRIMARY KEY,
    record BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    piece  INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (record, sha256, piece)
);

-- Server-signed bundles, kept until they are in a backup.
CREATE TABLE kept (
    device BLOB NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (device, number, digest)
) WITHOUT ROWID;

-- Outbox files of other phones, cut into one bundle each, carried to the server in order.
CREATE TABLE carried (
    id     INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    file   BLOB NOT NULL
);

-- The phone's store, version 3.

-- Versions of the schemas that the server served: the one in force, and the one on trial.
CREATE TABLE schema (
    version INTEGER PRIMARY KEY,
    -- SHA-256 of what was served.
    digest  BLOB NOT NULL,
    -- That, deflated and sealed.
    sealed  BLOB NOT NULL
) WITHOUT ROWID;

-- What spot checks said of own grids.
CREATE TABLE judged (
    month  TEXT NOT NULL,
    grid   TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (month, grid)
) WITHOUT ROWID;

-- The version that a change was written under, which its bundle names. Before this script there
-- was one.
ALTER TABLE change ADD COLUMN schema INTEGER NOT NULL DEFAULT 1;

-- The phone's store, version 2.

-- Own changes that are not settled, which every list marks.
CREATE INDEX change_unsettled ON change (record) WHERE status IN (0, 1, 3);

-- Where the cases of findings stand, as the server said last.
CREATE TABLE case_status (
    finding BLOB PRIMARY KEY,
    sealed  BLOB NOT NULL
) WITHOUT ROWID;

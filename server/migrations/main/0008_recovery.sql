-- Phones whose secret was forgotten and that ask for their data key; one request a phone.
CREATE TABLE recovery (
  device     BLOB PRIMARY KEY REFERENCES device,
  request    BLOB NOT NULL,          -- protocol.cddl: recovery-request
  asked_ms   INTEGER NOT NULL,
  decided_ms INTEGER,
  sealed     BLOB                    -- the answer's seal; null: waiting, or refused
) WITHOUT ROWID, STRICT;

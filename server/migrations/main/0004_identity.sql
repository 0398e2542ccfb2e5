-- Console accounts and sessions, and the trace of who looked at what. A rebuild from the journal
-- takes these tables over as they are: no password or session stands in the journal.
CREATE TABLE account (
  id          INTEGER PRIMARY KEY,
  login       TEXT NOT NULL UNIQUE,  -- lower case; the person of journal entries
  name        TEXT NOT NULL,
  role        TEXT NOT NULL,         -- schemas::Role, never inspector
  office      TEXT,                  -- for the two office roles
  areas       TEXT NOT NULL,         -- codes, separated by blanks
  hash        TEXT NOT NULL,         -- argon2id, PHC string
  must_change INTEGER NOT NULL,      -- the password was given by somebody else
  totp        BLOB,                  -- secret in force, sealed
  totp_next   BLOB,                  -- secret that waits for its first code, sealed
  totp_step   INTEGER NOT NULL,      -- last step used: none is taken twice
  state       TEXT NOT NULL,         -- active, disabled
  created_ms  INTEGER NOT NULL,
  version     INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  digest     BLOB PRIMARY KEY,       -- SHA-256 of the cookie's token
  account    INTEGER NOT NULL REFERENCES account,
  csrf       TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  seen_ms    INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX session_account ON session (account, created_ms);

-- Failed sign-ins by login, whether or not there is such an account, so that the answer does not
-- tell which.
CREATE TABLE sign_in_failure (
  login    BLOB PRIMARY KEY,         -- HMAC of the login
  failed   INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,         -- no attempt is looked at before
  last_ms  INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX sign_in_failure_last ON sign_in_failure (last_ms);

CREATE TABLE audit (
  id      INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL,
  who     TEXT NOT NULL,             -- login
  act     TEXT NOT NULL,
  object  TEXT NOT NULL,             -- JSON: ids only
  area    TEXT NOT NULL,             -- grid of the object, else the first area of the person
  reason  TEXT NOT NULL
) STRICT;
CREATE INDEX audit_who ON audit (who, id);
CREATE INDEX audit_act ON audit (act, id);

-- The person behind a change that the server wrote: a decision, an office edit.
CREATE TABLE own_change (
  hash   BLOB PRIMARY KEY,
  by     TEXT NOT NULL,              -- login
  reason TEXT NOT NULL
) WITHOUT ROWID, STRICT;

-- Rises with every change of an inspector or their grids: the ETag.
ALTER TABLE inspector ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- keys.db: a key for each personal record, wrapped by the master key, and the server's own keys.
-- Destroying a row here erases the record everywhere: registers, history, journal, backups.
CREATE TABLE record_key (
  record  BLOB PRIMARY KEY,          -- 16 bytes
  wrapped BLOB                       -- nonce, key, tag under the master key; null once erased
) WITHOUT ROWID, STRICT;

CREATE TABLE server_key (
  name    TEXT PRIMARY KEY,          -- sign, seal, blind, session
  wrapped BLOB NOT NULL
) WITHOUT ROWID, STRICT;

-- What imports brought, for a three-way merge. Only open kinds are imported: it stands in clear.
CREATE TABLE import_base (
  source TEXT NOT NULL,              -- the register's name in its column map
  record BLOB NOT NULL,              -- 16 bytes
  key    TEXT NOT NULL,              -- register
  value  TEXT NOT NULL,              -- what the last import said: a letter for the type, the value
  PRIMARY KEY (source, record, key)
) WITHOUT ROWID, STRICT;

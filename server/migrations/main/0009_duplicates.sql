-- Pairs of shops that somebody looked at and found to be two: not suggested again for this cause.
CREATE TABLE duplicate_dismissed (
  one     BLOB NOT NULL,             -- 16 bytes, the smaller id of the two
  other   BLOB NOT NULL,
  why     TEXT NOT NULL,             -- credit_code, door_and_name
  by      TEXT NOT NULL,             -- login
  reason  TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  PRIMARY KEY (one, other, why)
) WITHOUT ROWID, STRICT;

-- Running totals of files and uploads: each upload asks whether there is room, and a server has
-- hundreds of thousands of files.
CREATE TABLE file_total (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  file_bytes INTEGER NOT NULL,
  announced  INTEGER NOT NULL,       -- bytes that open uploads announced
  uploads    INTEGER NOT NULL
) STRICT;
INSERT INTO file_total
SELECT 1, (SELECT coalesce(sum(bytes), 0) FROM file),
          (SELECT coalesce(sum(bytes), 0) FROM upload),
          (SELECT count(*) FROM upload);
CREATE TRIGGER file_added AFTER INSERT ON file BEGIN
  UPDATE file_total SET file_bytes = file_bytes + new.bytes;
END;
CREATE TRIGGER file_gone AFTER DELETE ON file BEGIN
  UPDATE file_total SET file_bytes = file_bytes - old.bytes;
END;
CREATE TRIGGER upload_added AFTER INSERT ON upload BEGIN
  UPDATE file_total SET announced = announced + new.bytes, uploads = uploads + 1;
END;
CREATE TRIGGER upload_gone AFTER DELETE ON upload BEGIN
  UPDATE file_total SET announced = announced - old.bytes, uploads = uploads - 1;
END;

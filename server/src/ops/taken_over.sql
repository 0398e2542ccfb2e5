-- before the replay
INSERT INTO account SELECT * FROM old.account;
INSERT INTO session SELECT * FROM old.session;
INSERT INTO sign_in_failure SELECT * FROM old.sign_in_failure;
INSERT INTO audit SELECT * FROM old.audit;
INSERT INTO inspector SELECT * FROM old.inspector;
INSERT INTO duty SELECT * FROM old.duty;
INSERT INTO ticket SELECT * FROM old.ticket;
INSERT INTO fork SELECT * FROM old.fork;
-- after the replay
INSERT OR REPLACE INTO own_backed_up SELECT * FROM old.own_backed_up;
INSERT OR REPLACE INTO in_backup SELECT * FROM old.in_backup;
UPDATE device SET (last_seen_ms, app, pending, attachments, store_bytes, backed_up, draft_schema) =
  (SELECT o.last_seen_ms, o.app, o.pending, o.attachments, o.store_bytes, o.backed_up,
          o.draft_schema
   FROM old.device o WHERE o.id = device.id)
WHERE id IN (SELECT id FROM old.device);
INSERT OR REPLACE INTO meta (name, value)
  SELECT name, value FROM old.meta WHERE name IN ('wants_returned', 'restored_ms', 'backups');
INSERT OR REPLACE INTO schemas_in_force SELECT * FROM old.schemas_in_force;
INSERT INTO recovery SELECT * FROM old.recovery WHERE device IN (SELECT id FROM device);

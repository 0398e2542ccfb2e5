-- By when an item is to be settled that is no case, where its rule says so: inboxes are narrowed and
-- sorted by it. Counted when the item is made, and again where calendars or hours change.
ALTER TABLE item_ref ADD COLUMN due_ms INTEGER;
ALTER TABLE item_ref ADD COLUMN due_state TEXT NOT NULL DEFAULT 'none'; -- none, running, unknown

-- Lists of what was touched last, and counts of a month's visits.
CREATE INDEX record_touched ON record (kind, touched_ms);
CREATE INDEX audit_time ON audit (time_ms);

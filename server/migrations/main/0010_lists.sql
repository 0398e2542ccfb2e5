-- Values are looked up by record, but for doors, where two shops may be one: an index of every
-- value was written with every change and read by nobody.
DROP INDEX field_value_by_value;
CREATE INDEX field_value_door ON field_value (value) WHERE key = 'door_no';

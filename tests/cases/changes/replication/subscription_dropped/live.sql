-- as superuser
ALTER SUBSCRIPTION s SET (slot_name = NONE);
DROP SUBSCRIPTION s

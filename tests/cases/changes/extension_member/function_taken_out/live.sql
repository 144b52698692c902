-- as superuser
ALTER EXTENSION earthdistance DROP FUNCTION ext.gc_to_sec(float8);

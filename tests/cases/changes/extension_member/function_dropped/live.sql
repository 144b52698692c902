-- as superuser
ALTER EXTENSION earthdistance DROP FUNCTION ext.latitude(ext.earth); DROP FUNCTION ext.latitude(ext.earth);

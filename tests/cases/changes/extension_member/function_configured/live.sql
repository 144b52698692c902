-- as superuser
ALTER FUNCTION ext.earth() SET search_path = ext;

-- as superuser
ALTER FUNCTION ext.stamp() SECURITY DEFINER;

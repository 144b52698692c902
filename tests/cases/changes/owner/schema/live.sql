-- as superuser
ALTER SCHEMA app OWNER TO other

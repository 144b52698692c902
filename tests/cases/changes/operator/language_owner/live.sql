-- as superuser
ALTER LANGUAGE mylang OWNER TO other

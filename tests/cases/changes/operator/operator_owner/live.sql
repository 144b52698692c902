-- as superuser
ALTER OPERATOR app.=== (integer, integer) OWNER TO other

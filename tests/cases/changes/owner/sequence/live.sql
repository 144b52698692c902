-- as superuser
ALTER SEQUENCE app.s OWNER TO other

-- as superuser
ALTER TYPE app.e OWNER TO other

-- as superuser
ALTER TYPE app.address OWNER TO other

-- as superuser
ALTER DOMAIN app.d OWNER TO other

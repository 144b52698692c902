-- as superuser
ALTER FUNCTION app.f() OWNER TO other

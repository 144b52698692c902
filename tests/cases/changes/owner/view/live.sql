-- as superuser
ALTER VIEW app.v OWNER TO other

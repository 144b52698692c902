-- as superuser
ALTER TABLE app.t OWNER TO other

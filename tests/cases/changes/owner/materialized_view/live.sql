-- as superuser
ALTER MATERIALIZED VIEW app.m OWNER TO other

-- as superuser
ALTER STATISTICS app.pairs OWNER TO other

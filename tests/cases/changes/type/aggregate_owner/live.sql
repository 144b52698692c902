-- as superuser
ALTER AGGREGATE app.longest(text) OWNER TO other

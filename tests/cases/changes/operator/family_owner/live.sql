-- as superuser
ALTER OPERATOR FAMILY app.loose USING btree OWNER TO other

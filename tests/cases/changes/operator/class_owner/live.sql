-- as superuser
ALTER OPERATOR CLASS app.backwards USING btree OWNER TO other

-- as superuser
ALTER OPERATOR FAMILY app.loose USING btree ADD OPERATOR 1 < (integer, bigint)

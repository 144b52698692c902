-- as superuser
ALTER OPERATOR FAMILY app.loose USING btree ADD FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint)

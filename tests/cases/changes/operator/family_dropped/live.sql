-- as superuser
DROP OPERATOR FAMILY app.loose USING btree

-- as superuser
DROP OPERATOR FAMILY app.backwards USING btree

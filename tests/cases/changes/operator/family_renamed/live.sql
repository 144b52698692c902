-- as superuser
ALTER OPERATOR FAMILY app.loose USING btree RENAME TO free

-- as superuser
CREATE OPERATOR FAMILY app.more USING hash

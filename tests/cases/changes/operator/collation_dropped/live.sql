-- as superuser
DROP COLLATION app.plain

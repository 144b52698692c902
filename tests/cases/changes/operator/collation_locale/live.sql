-- as superuser
DROP COLLATION app.plain;
CREATE COLLATION app.plain (locale = 'POSIX')

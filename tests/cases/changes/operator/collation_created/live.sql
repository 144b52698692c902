-- as superuser
CREATE COLLATION app.posix (locale = 'POSIX')

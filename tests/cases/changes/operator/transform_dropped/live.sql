-- as superuser
DROP TRANSFORM FOR app.celsius LANGUAGE sql

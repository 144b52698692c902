-- as superuser
DROP CAST (app.celsius AS numeric);
CREATE CAST (app.celsius AS numeric) WITH INOUT

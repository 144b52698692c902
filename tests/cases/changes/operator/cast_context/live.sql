-- as superuser
DROP CAST (app.celsius AS numeric);
CREATE CAST (app.celsius AS numeric) WITH FUNCTION app.to_number(app.celsius) AS IMPLICIT

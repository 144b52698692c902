-- as superuser
CREATE CAST (numeric AS app.celsius) WITH FUNCTION app.from_number(numeric)

-- as superuser
CREATE FUNCTION app.made_later() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER EXTENSION pg_trgm ADD FUNCTION app.made_later();

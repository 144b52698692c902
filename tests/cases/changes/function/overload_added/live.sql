CREATE FUNCTION app.fee(amount integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';

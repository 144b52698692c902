-- as superuser
DROP COLLATION app.plain;
CREATE COLLATION app.plain (provider = icu, locale = 'und', deterministic = false)

ALTER DOMAIN app.email DROP CONSTRAINT email_has_at;

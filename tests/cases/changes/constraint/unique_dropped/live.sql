ALTER TABLE app.users DROP CONSTRAINT users_email_key;

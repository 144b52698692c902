ALTER TABLE app.users DROP CONSTRAINT users_email_key; ALTER TABLE app.users ADD CONSTRAINT users_email_key UNIQUE (email) DEFERRABLE;

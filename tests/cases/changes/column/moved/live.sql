ALTER TABLE app.users DROP COLUMN nickname; ALTER TABLE app.users ADD COLUMN nickname text;

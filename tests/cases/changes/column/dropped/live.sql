ALTER TABLE app.users DROP COLUMN nickname;

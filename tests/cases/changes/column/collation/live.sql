ALTER TABLE app.users ALTER COLUMN nickname TYPE text COLLATE "C";

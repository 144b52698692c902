ALTER TABLE app.users RENAME COLUMN nickname TO nick;

ALTER TABLE app.users ADD COLUMN legacy_id integer;

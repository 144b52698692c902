DROP INDEX app.users_name_idx; CREATE INDEX users_name_idx ON app.users USING hash (name);

ALTER TABLE app.users DROP CONSTRAINT users_name_not_blank; ALTER TABLE app.users ADD CONSTRAINT users_name_not_blank CHECK (length(name) > 0) NOT VALID;

ALTER TABLE app.users DROP CONSTRAINT users_name_not_blank;

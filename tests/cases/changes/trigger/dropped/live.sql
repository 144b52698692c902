DROP TRIGGER users_touch ON app.users;

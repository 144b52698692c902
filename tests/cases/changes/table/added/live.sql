CREATE TABLE app.users_backup AS SELECT id, name FROM app.users;

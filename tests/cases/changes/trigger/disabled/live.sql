ALTER TABLE app.users DISABLE TRIGGER users_touch;

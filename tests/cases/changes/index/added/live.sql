CREATE INDEX users_phone_idx ON app.users (phone);

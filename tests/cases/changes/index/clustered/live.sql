ALTER TABLE app.users CLUSTER ON users_name_idx;

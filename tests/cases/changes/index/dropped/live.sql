DROP INDEX app.users_name_idx;

DROP INDEX app.users_active_idx; CREATE INDEX users_active_idx ON app.users (created_at DESC) WHERE NOT active;

DROP INDEX app.users_lower_email_idx; CREATE INDEX users_lower_email_idx ON app.users (upper((email)::text));

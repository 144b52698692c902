DROP INDEX app.accounts_user_kind_idx; CREATE UNIQUE INDEX accounts_user_kind_idx ON app.accounts (user_id, kind);

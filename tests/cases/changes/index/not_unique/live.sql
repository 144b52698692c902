DROP INDEX app.accounts_user_kind_idx; CREATE INDEX accounts_user_kind_idx ON app.accounts (user_id, kind) INCLUDE (balance);

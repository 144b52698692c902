ALTER TABLE app.accounts DROP CONSTRAINT accounts_user_id_fkey; ALTER TABLE app.accounts ADD CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users (id);

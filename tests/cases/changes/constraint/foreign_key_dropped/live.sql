ALTER TABLE app.accounts DROP CONSTRAINT accounts_user_id_fkey;

ALTER TABLE app.accounts DROP CONSTRAINT accounts_balance_check; ALTER TABLE app.accounts ADD CONSTRAINT accounts_balance_check CHECK (balance >= -100::numeric);

ALTER TABLE app.accounts DROP CONSTRAINT accounts_opened_excl;

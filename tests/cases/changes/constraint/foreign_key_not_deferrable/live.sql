ALTER TABLE app.accounts ALTER CONSTRAINT accounts_broker_id_fkey NOT DEFERRABLE;

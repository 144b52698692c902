CREATE VIEW report AS SELECT id, note FROM empty WHERE note IS NOT NULL;
CREATE FUNCTION total() RETURNS numeric LANGUAGE sql AS $$ SELECT sum(balance) FROM account $$;

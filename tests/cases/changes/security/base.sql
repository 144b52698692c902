-- as superuser
-- Rules, policies, event triggers, and what enforces keys.
CREATE SCHEMA app AUTHORIZATION app;
SET ROLE app;
CREATE TABLE app.notes (id integer PRIMARY KEY, owner text NOT NULL, text text, parent integer
  CONSTRAINT notes_parent_fkey REFERENCES app.notes);
CREATE TABLE app.log (id integer);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.notes USING (owner = CURRENT_USER) WITH CHECK (owner = CURRENT_USER);
CREATE POLICY read ON app.notes FOR SELECT TO other USING (true);
CREATE RULE keep AS ON DELETE TO app.log DO INSTEAD NOTHING;
CREATE VIEW app.texts AS SELECT id, text FROM app.notes;
ALTER VIEW app.texts ALTER COLUMN text SET DEFAULT 'none';
CREATE TABLE app.events (id integer, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE app.events_2024 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER note AFTER INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.note();
CREATE FUNCTION app.observe() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE FUNCTION app.guard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
RESET ROLE;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')
  EXECUTE FUNCTION app.observe();

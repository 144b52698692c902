-- Who may do what, and what is set for the database.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, secret text);
CREATE TABLE app.u (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE SEQUENCE app.s;
CREATE VIEW app.v AS SELECT id FROM app.t;
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE app.e AS ENUM ('a');
CREATE DOMAIN app.d AS text;
CREATE EXTENSION pg_trgm SCHEMA app;
GRANT SELECT, INSERT ON app.t TO other;
GRANT UPDATE (secret) ON app.t TO other;
GRANT USAGE ON SCHEMA app TO other;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO other;

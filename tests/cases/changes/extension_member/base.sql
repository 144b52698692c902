-- as superuser
-- in no dump: the table, its function and the type stand for extensions that bring their own
CREATE SCHEMA ext;
CREATE EXTENSION cube SCHEMA ext;
CREATE EXTENSION earthdistance SCHEMA ext;
CREATE EXTENSION pg_stat_statements SCHEMA ext;
CREATE TABLE ext.registry (id integer PRIMARY KEY, name text NOT NULL);
CREATE FUNCTION ext.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER stamped BEFORE INSERT ON ext.registry FOR EACH ROW EXECUTE FUNCTION ext.stamp();
CREATE TYPE ext.mood AS ENUM ('good', 'bad');
ALTER EXTENSION cube ADD TABLE ext.registry;
ALTER EXTENSION cube ADD FUNCTION ext.stamp();
ALTER EXTENSION cube ADD TYPE ext.mood;

-- as superuser
-- Publications, subscriptions, foreign data, extended statistics.
CREATE SCHEMA app AUTHORIZATION app;
CREATE SCHEMA more AUTHORIZATION app;
SET ROLE app;
CREATE TABLE app.a (id integer PRIMARY KEY, b integer, c integer);
CREATE TABLE app.z (id integer PRIMARY KEY);
CREATE MATERIALIZED VIEW app.m AS SELECT b, c FROM app.a;
CREATE INDEX m_b ON app.m (b);
CREATE STATISTICS app.pairs (ndistinct, dependencies) ON b, c FROM app.a;
RESET ROLE;
CREATE PUBLICATION p FOR TABLE app.a (id, b) WHERE (id > 0); --@ >=15
CREATE PUBLICATION p FOR TABLE app.a; --@ <15
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere password=hidden' PUBLICATION x, y
  WITH (connect = false, slot_name = 'here');
CREATE FOREIGN DATA WRAPPER w OPTIONS (mode 'fast');
CREATE SERVER remote TYPE 'kind' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'a', password 'hidden');
CREATE USER MAPPING FOR other SERVER remote OPTIONS (user 'me', password 'hidden');
CREATE FOREIGN TABLE app.far (id integer OPTIONS (name 'x')) SERVER remote OPTIONS (path '/a');

"""Single changes to a schema of schema.py: each a function of (rng, schema) that gives SQL.

`{T}` is a random table, `{C}` a random column of it that is neither `id`, `n` nor `t`, `{N}` a fresh
name, `{I}` a random number, `{R}` a role.
"""

CHANGES = """
CREATE SCHEMA {N}
DROP TABLE app.made
DROP TABLE app.typed
DROP TABLE app.spans
CREATE TABLE app.{N} (a integer, b text)
CREATE TABLE side.{N} (LIKE app.{T} INCLUDING ALL)
CREATE UNLOGGED TABLE app.{N} (a integer)
CREATE TABLE app.{N} PARTITION OF app.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
ALTER TABLE app.parts DETACH PARTITION app.parts_1
ALTER TABLE app.{T} RENAME TO {N}
ALTER TABLE app.made SET SCHEMA side
ALTER TABLE app.{T} SET (fillfactor = {I})
ALTER TABLE app.{T} SET (toast.autovacuum_enabled = false)
ALTER TABLE app.made SET UNLOGGED
ALTER TABLE app.{T} REPLICA IDENTITY FULL
ALTER TABLE app.{T} REPLICA IDENTITY NOTHING
ALTER TABLE app.{T} CLUSTER ON {T}_n_idx
ALTER TABLE app.{T} FORCE ROW LEVEL SECURITY
ALTER TABLE app.t0 DISABLE ROW LEVEL SECURITY
ALTER TABLE app.t1 ENABLE ROW LEVEL SECURITY
ALTER TABLE app.kid NO INHERIT app.base_of
ALTER TABLE app.typed NOT OF
ALTER TABLE app.{T} OWNER TO {R}
ALTER TABLE app.{T} ADD COLUMN {N} integer
ALTER TABLE app.{T} ADD COLUMN {N} integer DEFAULT {I} NOT NULL
ALTER TABLE app.{T} ADD COLUMN {N} integer GENERATED ALWAYS AS IDENTITY
ALTER TABLE app.{T} ADD COLUMN {N} serial
ALTER TABLE app.{T} DROP COLUMN {C}
ALTER TABLE app.{T} RENAME COLUMN {C} TO {N}
ALTER TABLE app.{T} ALTER COLUMN {C} SET NOT NULL
ALTER TABLE app.{T} ALTER COLUMN {C} DROP NOT NULL
ALTER TABLE app.{T} ALTER COLUMN {C} DROP DEFAULT
ALTER TABLE app.{T} ALTER COLUMN {C} SET STATISTICS {I}
ALTER TABLE app.{T} ALTER COLUMN t SET DEFAULT 'x{I}'
ALTER TABLE app.{T} ALTER COLUMN {C} SET (n_distinct = {I})
ALTER TABLE app.{T} ALTER COLUMN t SET STORAGE EXTERNAL
ALTER TABLE app.{T} ALTER COLUMN t SET COMPRESSION pglz
ALTER TABLE app.{T} ALTER COLUMN {C} TYPE text USING NULL
ALTER TABLE app.t2 ALTER COLUMN t TYPE text COLLATE "C"
ALTER TABLE app.t2 ALTER COLUMN n TYPE bigint
ALTER TABLE app.made ALTER COLUMN b DROP EXPRESSION
ALTER TABLE app.base_of ADD COLUMN {N} integer
ALTER TABLE app.kid ALTER COLUMN a SET DEFAULT {I}
ALTER TABLE app.kid ALTER COLUMN a SET NOT NULL
ALTER TABLE app.kid ADD COLUMN {N} text
ALTER TABLE app.parts_1 ALTER COLUMN v SET DEFAULT 'p{I}'
ALTER TABLE app.parts_1 ADD CONSTRAINT {N} CHECK (id > {I})
ALTER TABLE app.{T} DROP CONSTRAINT {T}_n_check
ALTER TABLE app.{T} DROP CONSTRAINT {T}_t_key
ALTER TABLE app.t2 DROP CONSTRAINT t2_fk
ALTER TABLE app.{T} RENAME CONSTRAINT {T}_n_check TO {N}
ALTER TABLE app.{T} ADD CONSTRAINT {N} CHECK (n < {I}) NOT VALID
ALTER TABLE app.{T} ADD CONSTRAINT {N} CHECK (n < {I}) NO INHERIT
ALTER TABLE app.{T} ADD CONSTRAINT {N} UNIQUE (n, t) DEFERRABLE INITIALLY DEFERRED
ALTER TABLE app.{T} ADD CONSTRAINT {N} UNIQUE NULLS NOT DISTINCT (n)
ALTER TABLE app.{T} ADD CONSTRAINT {N} UNIQUE (n) INCLUDE (t)
ALTER TABLE app.t2 ALTER CONSTRAINT t2_fk DEFERRABLE
ALTER TABLE app.{T} ADD CONSTRAINT {N} FOREIGN KEY (n) REFERENCES app.t0 ON DELETE SET NULL ON UPDATE RESTRICT
ALTER TABLE app.{T} ADD CONSTRAINT {N} FOREIGN KEY (n) REFERENCES app.t0 NOT VALID
ALTER TABLE app.base_of ADD CONSTRAINT {N} CHECK (a > {I})
CREATE INDEX {N} ON app.{T} (t)
CREATE UNIQUE INDEX {N} ON app.{T} (n) WHERE n > {I}
CREATE INDEX {N} ON app.{T} USING hash (t)
CREATE INDEX {N} ON app.{T} (lower(t), n DESC NULLS LAST)
CREATE INDEX {N} ON app.{T} (t text_pattern_ops) INCLUDE (n)
CREATE INDEX {N} ON app.{T} (t COLLATE "C")
CREATE INDEX {N} ON app.{T} USING gin (t side.gin_trgm_ops)
CREATE INDEX {N} ON app.{T} (n) WITH (fillfactor = {I})
DROP INDEX app.{T}_n_idx
ALTER INDEX app.{T}_n_idx RENAME TO {N}
ALTER INDEX app.{T}_n_idx SET (fillfactor = {I})
ALTER INDEX app.{T}_t_key SET (fillfactor = {I})
ALTER INDEX app.parts_1_v_idx SET (fillfactor = {I})
CREATE SEQUENCE app.{N} START {I}
DROP SEQUENCE app.numbers
ALTER SEQUENCE app.numbers INCREMENT {I}
ALTER SEQUENCE app.numbers MAXVALUE {I}00 CACHE {I}
ALTER SEQUENCE app.numbers MINVALUE -{I}
ALTER SEQUENCE app.numbers CYCLE
ALTER SEQUENCE app.numbers AS integer
ALTER SEQUENCE app.numbers OWNED BY app.{T}.n
ALTER SEQUENCE app.numbers RENAME TO {N}
ALTER SEQUENCE app.numbers OWNER TO {R}
ALTER SEQUENCE app.numbers SET SCHEMA side
ALTER SEQUENCE app.numbers SET UNLOGGED
ALTER TYPE app.mood ADD VALUE '{N}'
ALTER TYPE app.mood ADD VALUE '{N}' BEFORE 'low'
ALTER TYPE app.mood RENAME VALUE 'mid' TO '{N}'
ALTER TYPE app.mood RENAME TO {N}
ALTER TYPE app.mood OWNER TO {R}
CREATE TYPE app.{N} AS ENUM ('a')
ALTER DOMAIN app.positive SET DEFAULT {I}
ALTER DOMAIN app.positive SET NOT NULL
ALTER DOMAIN app.positive DROP CONSTRAINT positive_check
ALTER DOMAIN app.positive ADD CONSTRAINT {N} CHECK (VALUE < {I}) NOT VALID
CREATE DOMAIN app.{N} AS text COLLATE "C"
CREATE TYPE app.{N} AS (x integer)
ALTER TYPE app.pair ADD ATTRIBUTE {N} text CASCADE
ALTER TYPE app.pair RENAME ATTRIBUTE b TO {N} CASCADE
CREATE TYPE app.{N} AS RANGE (subtype = integer)
ALTER TYPE app.span RENAME TO {N}
DROP TYPE app.span
CREATE TYPE app.{N}
CREATE VIEW app.{N} AS SELECT {I} AS a
CREATE VIEW app.{N} WITH (security_barrier) AS SELECT {I} AS a
DROP VIEW app.v
CREATE OR REPLACE VIEW app.v AS SELECT id, n, t FROM app.t0 WHERE n > {I}
ALTER VIEW app.v SET (security_invoker = true)
ALTER VIEW app.v SET (check_option = local)
ALTER VIEW app.v ALTER COLUMN t SET DEFAULT '{N}'
ALTER VIEW app.v RENAME COLUMN t TO {N}
ALTER VIEW app.v OWNER TO {R}
DROP MATERIALIZED VIEW app.m
CREATE MATERIALIZED VIEW app.{N} AS SELECT {I} AS a
ALTER MATERIALIZED VIEW app.m SET (fillfactor = {I})
ALTER MATERIALIZED VIEW app.m ALTER COLUMN n SET STATISTICS {I}
ALTER MATERIALIZED VIEW app.m CLUSTER ON m_n
CREATE FUNCTION app.{N}() RETURNS integer LANGUAGE sql AS 'SELECT {I}'
CREATE FUNCTION app.{N}() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT {I}; END
CREATE OR REPLACE FUNCTION app.f(a integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT a + {I}'
CREATE OR REPLACE FUNCTION app.f(a integer DEFAULT {I}) RETURNS integer LANGUAGE sql AS 'SELECT a'
ALTER FUNCTION app.f(integer) IMMUTABLE
ALTER FUNCTION app.f(integer) STRICT
ALTER FUNCTION app.f(integer) SECURITY DEFINER
ALTER FUNCTION app.f(integer) LEAKPROOF
ALTER FUNCTION app.f(integer) PARALLEL SAFE
ALTER FUNCTION app.f(integer) COST {I}
ALTER FUNCTION app.f(integer) SET search_path = app
ALTER FUNCTION app.f(integer) RENAME TO {N}
ALTER FUNCTION app.f(integer) OWNER TO {R}
DROP FUNCTION app.f(integer)
DROP PROCEDURE app.p()
ALTER PROCEDURE app.p() SECURITY DEFINER
DROP AGGREGATE app.total(integer)
CREATE AGGREGATE app.{N}(integer) (sfunc = app.add, stype = integer, initcond = '{I}')
CREATE OR REPLACE AGGREGATE app.total(integer) (sfunc = app.add, stype = integer, parallel = safe)
ALTER AGGREGATE app.total(integer) OWNER TO {R}
DROP OPERATOR app.~~~ (integer, integer)
CREATE OPERATOR app.%%% (leftarg = integer, rightarg = integer, function = app.add)
ALTER OPERATOR app.=== (integer, integer) SET (restrict = eqsel)
ALTER OPERATOR app.~~~ (integer, integer) OWNER TO {R}
ALTER OPERATOR FAMILY app.fam USING btree ADD OPERATOR 1 < (integer, bigint)
DROP OPERATOR FAMILY app.fam USING btree
CREATE OPERATOR FAMILY app.{N} USING hash
CREATE OPERATOR CLASS app.{N} FOR TYPE integer USING btree AS OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)
DROP CAST (app.pair AS text)
CREATE CAST (app.pair AS jsonb) WITH INOUT AS ASSIGNMENT
DROP CONVERSION app.conv
CREATE CONVERSION app.{N} FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1
DROP COLLATION app.plain
CREATE COLLATION app.{N} (provider = icu, locale = 'und', deterministic = false)
ALTER COLLATION app.plain RENAME TO {N}
CREATE TRIGGER {N} AFTER UPDATE OF n ON app.{T} FOR EACH ROW WHEN (new.n > {I}) EXECUTE FUNCTION app.trg()
CREATE CONSTRAINT TRIGGER {N} AFTER INSERT ON app.{T} DEFERRABLE FOR EACH ROW EXECUTE FUNCTION app.trg()
DROP TRIGGER trg ON app.t0
ALTER TRIGGER trg ON app.t0 RENAME TO {N}
ALTER TABLE app.t0 DISABLE TRIGGER trg
ALTER TABLE app.t0 ENABLE ALWAYS TRIGGER trg
ALTER TABLE app.t0 ENABLE REPLICA TRIGGER trg
ALTER TABLE app.parts_1 DISABLE TRIGGER trg
ALTER EVENT TRIGGER evt DISABLE
ALTER EVENT TRIGGER evt RENAME TO {N}
DROP EVENT TRIGGER evt
CREATE EVENT TRIGGER {N} ON sql_drop EXECUTE FUNCTION app.evt()
CREATE RULE {N} AS ON UPDATE TO app.t1 WHERE old.n = {I} DO INSTEAD NOTHING
DROP RULE keep ON app.t1
ALTER TABLE app.t1 DISABLE RULE keep
DROP POLICY own ON app.t0
CREATE POLICY {N} ON app.{T} AS RESTRICTIVE FOR UPDATE TO {R} USING (n > {I}) WITH CHECK (n < {I})
ALTER POLICY own ON app.t0 TO PUBLIC
ALTER POLICY own ON app.t0 USING (n > {I} + 10)
ALTER POLICY own ON app.t0 RENAME TO {N}
DROP STATISTICS app.st
CREATE STATISTICS app.{N} (mcv) ON n, (n + {I}) FROM app.t0
ALTER STATISTICS app.st SET STATISTICS {I}
ALTER STATISTICS app.st OWNER TO {R}
CREATE PUBLICATION {N} FOR ALL TABLES
CREATE PUBLICATION {N} FOR TABLES IN SCHEMA app
ALTER PUBLICATION pub ADD TABLE app.t2
ALTER PUBLICATION pub DROP TABLE app.t1
ALTER PUBLICATION pub SET TABLE app.t0 (id, n), app.t1
ALTER PUBLICATION pub SET TABLE app.t0 WHERE (n > {I}), app.t1
ALTER PUBLICATION pub SET (publish = 'insert')
ALTER PUBLICATION pub SET (publish_via_partition_root = true)
ALTER PUBLICATION pub RENAME TO {N}
CREATE SUBSCRIPTION {N} CONNECTION 'host=nowhere' PUBLICATION x WITH (connect = false)
ALTER SERVER srv OPTIONS (SET host 'h{I}')
ALTER SERVER srv VERSION '{I}'
ALTER SERVER srv OWNER TO {R}
CREATE SERVER {N} FOREIGN DATA WRAPPER fdw
ALTER FOREIGN DATA WRAPPER fdw OPTIONS (a '{I}')
CREATE FOREIGN DATA WRAPPER {N}
DROP USER MAPPING FOR reader SERVER srv
CREATE USER MAPPING FOR PUBLIC SERVER srv
ALTER FOREIGN TABLE app.far OPTIONS (SET path '/{I}')
ALTER FOREIGN TABLE app.far ALTER COLUMN id OPTIONS (name '{N}')
ALTER FOREIGN TABLE app.far ADD COLUMN {N} integer
ALTER TEXT SEARCH DICTIONARY app.dict (stopwords = english)
ALTER TEXT SEARCH CONFIGURATION app.conf ADD MAPPING FOR numword WITH simple
ALTER TEXT SEARCH CONFIGURATION app.conf DROP MAPPING FOR word
DROP TEXT SEARCH CONFIGURATION app.conf
CREATE TEXT SEARCH TEMPLATE app.{N} (lexize = dsimple_lexize)
CREATE TEXT SEARCH PARSER app.{N} (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)
CREATE TEXT SEARCH DICTIONARY app.{N} (template = simple)
CREATE EXTENSION pgcrypto SCHEMA side
DROP EXTENSION pg_trgm
ALTER EXTENSION pg_trgm SET SCHEMA app
CREATE ACCESS METHOD {N} TYPE TABLE HANDLER heap_tableam_handler
CREATE TRANSFORM FOR app.pair LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))
GRANT INSERT ON app.{T} TO {R}
GRANT SELECT ON app.{T} TO {R} WITH GRANT OPTION
GRANT UPDATE (n) ON app.{T} TO {R}
REVOKE SELECT ON app.{T} FROM reader
REVOKE DELETE ON app.{T} FROM postgres
GRANT CREATE ON SCHEMA app TO {R}
GRANT USAGE ON SEQUENCE app.numbers TO {R}
REVOKE EXECUTE ON FUNCTION app.f(integer) FROM PUBLIC
GRANT EXECUTE ON PROCEDURE app.p() TO {R}
REVOKE USAGE ON TYPE app.mood FROM PUBLIC
GRANT USAGE ON LANGUAGE plpgsql TO {R}
GRANT USAGE ON FOREIGN SERVER srv TO {R}
GRANT USAGE ON FOREIGN DATA WRAPPER fdw TO {R}
GRANT CONNECT ON DATABASE {D} TO {R}
REVOKE EXECUTE ON FUNCTION side.similarity(text, text) FROM PUBLIC
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT INSERT ON TABLES TO {R}
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
ALTER SCHEMA app OWNER TO {R}
ALTER DATABASE {D} SET work_mem = '{I}MB'
ALTER DATABASE {D} CONNECTION LIMIT {I}
ALTER DATABASE {D} OWNER TO {R}
ALTER ROLE {R} IN DATABASE {D} SET work_mem = '{I}MB'
COMMENT ON DATABASE {D} IS 'c{I}'
COMMENT ON TABLE app.{T} IS 'c{I}'
COMMENT ON COLUMN app.{T}.n IS 'c{I}'
COMMENT ON SCHEMA app IS 'c{I}'
COMMENT ON INDEX app.{T}_n_idx IS 'c{I}'
COMMENT ON INDEX app.{T}_t_key IS 'c{I}'
COMMENT ON CONSTRAINT {T}_n_check ON app.{T} IS 'c{I}'
COMMENT ON CONSTRAINT positive_check ON DOMAIN app.positive IS 'c{I}'
COMMENT ON FUNCTION app.f(integer) IS 'c{I}'
COMMENT ON AGGREGATE app.total(integer) IS 'c{I}'
COMMENT ON OPERATOR app.~~~ (integer, integer) IS 'c{I}'
COMMENT ON TYPE app.mood IS 'c{I}'
COMMENT ON TYPE app.pair IS 'c{I}'
COMMENT ON COLUMN app.pair.a IS 'c{I}'
COMMENT ON DOMAIN app.positive IS 'c{I}'
COMMENT ON SEQUENCE app.numbers IS 'c{I}'
COMMENT ON VIEW app.v IS 'c{I}'
COMMENT ON COLUMN app.v.n IS 'c{I}'
COMMENT ON MATERIALIZED VIEW app.m IS 'c{I}'
COMMENT ON TRIGGER trg ON app.t0 IS 'c{I}'
COMMENT ON EVENT TRIGGER evt IS 'c{I}'
COMMENT ON RULE keep ON app.t1 IS 'c{I}'
COMMENT ON POLICY own ON app.t0 IS 'c{I}'
COMMENT ON STATISTICS app.st IS 'c{I}'
COMMENT ON PUBLICATION pub IS 'c{I}'
COMMENT ON SERVER srv IS 'c{I}'
COMMENT ON FOREIGN DATA WRAPPER fdw IS 'c{I}'
COMMENT ON FOREIGN TABLE app.far IS 'c{I}'
COMMENT ON CAST (app.pair AS text) IS 'c{I}'
COMMENT ON CONVERSION app.conv IS 'c{I}'
COMMENT ON COLLATION app.plain IS 'c{I}'
COMMENT ON TEXT SEARCH DICTIONARY app.dict IS 'c{I}'
COMMENT ON TEXT SEARCH CONFIGURATION app.conf IS 'c{I}'
COMMENT ON OPERATOR FAMILY app.fam USING btree IS 'c{I}'
COMMENT ON EXTENSION pg_trgm IS 'c{I}'
COMMENT ON LANGUAGE sql IS 'c{I}'
REFRESH MATERIALIZED VIEW app.m WITH NO DATA
ALTER TABLE app.t2 DISABLE TRIGGER ALL
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.{T}_n_idx'::regclass
INSERT INTO app.made (a) VALUES ({I})
SELECT nextval('app.numbers')
ANALYZE app.{T}
VACUUM app.{T}
""".strip().split("\n")

# What driftd sees and pg_dump's text does not, or the reverse, each with its reason.
DRIFTD_ALONE = {
    "REFRESH MATERIALIZED VIEW": "whether it can be queried at all is data to pg_dump",
    "DISABLE TRIGGER ALL": "pg_dump leaves out the internal triggers that enforce a foreign key",
}
PG_DUMP_ALONE = {
    "COMMENT ON EXTENSION": "an extension's comment comes with its files, which differ by release",
}


def change(rng, schema, database):
    """A random change, as SQL."""
    template = rng.choice(CHANGES)
    return fill(template, rng, schema, database)


def fill(template, rng, schema, database):
    table = rng.choice(sorted(schema.tables))
    columns = [c for c in schema.tables[table] if c not in ("id", "n", "t")]
    names = {"T": table, "C": rng.choice(columns), "N": f"new_{rng.randint(1, 999)}",
             "I": str(rng.randint(11, 99)), "R": rng.choice(["writer", "auditor"]), "D": database}
    for key, value in names.items():
        template = template.replace("{" + key + "}", value)
    return template


def reason(table, sql):
    return next((key for key in table if key in sql), None)

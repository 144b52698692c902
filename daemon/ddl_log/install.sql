-- The DDL log of driftd: who changed the schema of this database, when, from where, and by which
-- statement. driftd then says so beside each finding. It is optional: driftd finds the same without.
--
-- What it is     a schema driftd with one table, one function, and two event triggers that call it at
--                the end of each command that changes the schema, in that command's transaction: what
--                is rolled back leaves no row.
-- Who installs   a superuser, in the database that is watched: CREATE EVENT TRIGGER asks for one. On
--                Amazon RDS and Aurora the master user may, on Cloud SQL cloudsqlsuperuser, on AlloyDB
--                alloydbsuperuser, on Supabase, Neon and PlanetScale the role that you are given. Not
--                on a standby, which gets it from its primary.
-- Fails open     whatever goes wrong in it becomes a WARNING, and the command is done all the same. It
--                waits for no lock longer than 200 ms.
-- What it costs  a row of some hundred bytes a changed object; the newest 10,000 are kept. See the
--                README for measured times.
-- What it keeps  the first 2,000 characters of what the client sent. Where that may hold a secret
--                (passwords, user mappings, servers, subscriptions, connection strings) no text.
-- What it misses TRUNCATE, VACUUM FULL, REINDEX before PostgreSQL 17, and what belongs to the cluster:
--                roles, databases, tablespaces. PostgreSQL tells event triggers nothing of those.
-- To run again   is harmless, and is how a newer driftd's version replaces this one.
-- To remove      driftd ddl-log --print-sql --remove. From PostgreSQL 17 on a superuser may also say
--                SET event_triggers = off.
-- Before a major upgrade of a managed service event triggers may have to be removed.

BEGIN;
SET LOCAL client_min_messages = warning;

DO $check$
DECLARE
  owner text;
BEGIN
  -- What stands in it runs with the rights of whoever installs this: it must be nobody else's.
  SELECT r.rolname INTO owner
    FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner
   WHERE n.nspname = 'driftd';
  IF owner <> current_user THEN
    RAISE EXCEPTION 'the schema driftd belongs to %, and you are %', owner, current_user
      USING HINT = 'Install as that role, or drop the schema if it is not the log''s.';
  END IF;
  SELECT p.pubname INTO owner FROM pg_catalog.pg_publication p WHERE p.puballtables LIMIT 1;
  IF owner IS NOT NULL AND pg_catalog.to_regclass('driftd.ddl_log') IS NULL
     AND '{persistence}' <> 'UNLOGGED ' THEN
    RAISE EXCEPTION 'the publication % is for all tables, and its subscribers have no table '
                    'driftd.ddl_log: replication would stop', owner
      USING HINT = 'Install what driftd ddl-log --print-sql --unlogged prints: rows that are not '
                   'published, gone after a crash, and not to be read on a standby.';
  END IF;
END
$check$;

-- First: while the log is replaced nothing is logged, this file least of all.
DROP EVENT TRIGGER IF EXISTS driftd_ddl_log;
DROP EVENT TRIGGER IF EXISTS driftd_ddl_log_drop;

CREATE SCHEMA IF NOT EXISTS driftd;
COMMENT ON SCHEMA driftd IS 'The DDL log of driftd; see driftd ddl-log --help.';
REVOKE ALL ON SCHEMA driftd FROM PUBLIC;

CREATE {persistence}TABLE IF NOT EXISTS driftd.ddl_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,         -- when the command ended; its transaction committed later
  transaction_id bigint NOT NULL,  -- txid_current()
  login_role text NOT NULL,        -- session_user
  acting_role text NOT NULL,       -- of SET ROLE, else the same
  application text NOT NULL,       -- application_name
  client text,                     -- address; NULL on a Unix socket
  pid integer NOT NULL,
  tag text NOT NULL,               -- ALTER TABLE
  object_type text NOT NULL,
  schema_name text,
  object text,                     -- as pg_identify_object prints it; NULL for GRANT and REVOKE
  dropped boolean NOT NULL,
  statement text                   -- NULL where it may hold a secret
);
REVOKE ALL ON TABLE driftd.ddl_log FROM PUBLIC;
DO $check$
BEGIN
  -- A table of that name that is another one ends the installation here.
  PERFORM id, at, transaction_id, login_role, acting_role, application, client, pid, tag,
          object_type, schema_name, object, dropped, statement
     FROM driftd.ddl_log LIMIT 0;
END
$check$;

CREATE OR REPLACE FUNCTION driftd.log_ddl() RETURNS event_trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '200ms'
  SET standard_conforming_strings = on
  SET quote_all_identifiers = off
AS $function$
DECLARE
  kept constant bigint := 10000;     -- rows
  longest constant integer := 2000;  -- characters of a statement
  most constant integer := 200;      -- rows of one command
  word constant text :=
    '(pass(word|wd|phrase)?|pwd|secret|token|credential|(api|access|private)_?key)[a-z0-9_]*["'']?';
  said text;
  newest bigint;
BEGIN
  -- Most commands of a busy database are about temporary tables.
  IF tg_event = 'sql_drop' THEN
    IF NOT EXISTS (SELECT FROM pg_event_trigger_dropped_objects() d WHERE NOT d.is_temporary) THEN
      RETURN;
    END IF;
  ELSIF NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() c
                     WHERE c.schema_name IS NULL OR c.schema_name !~ '^pg_(toast_)?temp') THEN
    RETURN;
  END IF;

  said := left(current_query(), longest);
  -- REFRESH changes rows, unless it empties the view.
  IF tg_tag = 'REFRESH MATERIALIZED VIEW' AND said !~* '\mno\s+data\M' THEN
    RETURN;
  END IF;
  -- What was sent may be several statements, of which one is logged: all of it is looked at.
  IF tg_tag ~ 'USER MAPPING|SERVER|SUBSCRIPTION|FOREIGN DATA WRAPPER'
     OR said ~* (word || '\s*(=>?|:=?|,|to)?\s*(e|u&)?[''$]')
     OR said ~* (word || '\s*(=|:(?!:))\s*\S')
     OR said ~* word AND said ~* '\m(insert|update|copy|values|execute)\M'
     OR said ~* '://[^\s:@/]*:[^\s@]+@'
     OR said ~* '\m(user\s+mapping|subscription|(create|alter)\s+(role|user|group|server))\M'
     OR said ~* '\mconnection\s*(e|u&)?[''$]|\moptions\s*\(|crypt[a-z_]*\s*\(|\mhmac\s*\(' THEN
    said := NULL;
  END IF;

  IF tg_event = 'sql_drop' THEN
    WITH logged AS (
      INSERT INTO driftd.ddl_log (at, transaction_id, login_role, acting_role, application, client,
                                  pid, tag, object_type, schema_name, object, dropped, statement)
      SELECT clock_timestamp(), txid_current(), session_user,
             coalesce(nullif(current_setting('role'), 'none'), session_user),
             current_setting('application_name'), host(inet_client_addr()), pg_backend_pid(),
             tg_tag, d.object_type, d.schema_name, d.object_identity, true, said
        FROM pg_event_trigger_dropped_objects() d
       WHERE NOT d.is_temporary
         -- What else went, but for what is only a part: a table's types, an extension's members.
         AND (d.original
              OR d.object_type IN ('table', 'table column', 'table constraint', 'index', 'view',
                                   'materialized view', 'foreign table', 'sequence', 'trigger',
                                   'policy', 'statistics object')
                 AND (d.normal OR tg_tag LIKE 'ALTER%')
                 AND d.schema_name IS DISTINCT FROM 'pg_toast'
              OR d.normal AND tg_tag <> 'DROP EXTENSION'
                 AND d.object_type NOT IN ('default value', 'rule'))
       ORDER BY d.original DESC, d.object_identity
       LIMIT most
      RETURNING id)
    SELECT max(id) INTO newest FROM logged;
  ELSE
    WITH logged AS (
      INSERT INTO driftd.ddl_log (at, transaction_id, login_role, acting_role, application, client,
                                  pid, tag, object_type, schema_name, object, dropped, statement)
      SELECT clock_timestamp(), txid_current(), session_user,
             coalesce(nullif(current_setting('role'), 'none'), session_user),
             current_setting('application_name'), host(inet_client_addr()), pg_backend_pid(),
             c.command_tag, lower(c.object_type), c.schema_name, c.object_identity, false, said
        FROM pg_event_trigger_ddl_commands() c
       WHERE NOT c.in_extension
         AND (c.schema_name IS NULL OR c.schema_name !~ '^pg_(toast_)?temp')
       LIMIT most
      RETURNING id)
    SELECT max(id) INTO newest FROM logged;
  END IF;
  IF newest IS NULL THEN
    RETURN;
  END IF;

  -- driftd may LISTEN. A transaction that has notified cannot be prepared for two-phase commit, and
  -- one that finds the queue full cannot commit.
  IF current_setting('max_prepared_transactions') = '0' AND pg_notification_queue_usage() < 0.5 THEN
    PERFORM pg_notify('driftd_ddl', '');
  END IF;

  -- Old rows go now and then. In the isolation levels above this one it could make the command's
  -- transaction fail, and it never waits for somebody who does the same.
  IF newest % 100 = 0 AND current_setting('transaction_isolation') = 'read committed' THEN
    DELETE FROM driftd.ddl_log
     WHERE id IN (SELECT id FROM driftd.ddl_log WHERE id <= newest - kept
                   ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED);
  END IF;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'the DDL log of driftd has not logged this: %', sqlerrm;
END
$function$;
COMMENT ON FUNCTION driftd.log_ddl() IS 'The DDL log of driftd, version 1.';
REVOKE ALL ON FUNCTION driftd.log_ddl() FROM PUBLIC;

{grants}
CREATE EVENT TRIGGER driftd_ddl_log ON ddl_command_end EXECUTE FUNCTION driftd.log_ddl();
CREATE EVENT TRIGGER driftd_ddl_log_drop ON sql_drop EXECUTE FUNCTION driftd.log_ddl();
COMMIT;

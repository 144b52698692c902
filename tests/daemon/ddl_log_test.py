"""The optional DDL log: findings say who made them, and a log that is broken breaks nothing."""

import subprocess
import time
import unittest

from ddl_log import by_somebody, install, logged
from harness import Postgres, Sql, driftd as run_driftd, main, new_app


class Log(unittest.TestCase):
    """What is installed, and what it writes down."""

    def setUp(self):
        self.app = new_app()
        install(self.app, "--role", self.app.guest)

    def test_installing_again_changes_nothing_and_logs_nothing(self):
        self.app.sql("CREATE TABLE by_hand (id integer)")
        before = logged(self.app)
        self.assertEqual(before, ["CREATE TABLE|public.by_hand"])
        install(self.app, "--role", self.app.guest)
        install(self.app)
        self.assertEqual(logged(self.app), before)
        self.app.sql("DROP TABLE by_hand")
        self.assertEqual(len(logged(self.app)), 2)
        dumped = self.app.server.dump(self.app.name, "--schema-only")
        self.assertEqual(dumped.count("CREATE EVENT TRIGGER"), 2)

    def test_removing_leaves_nothing(self):
        self.app.sql("CREATE TABLE by_hand (id integer)")
        removal = run_driftd("ddl-log", "--print-sql", "--remove").out
        self.app.server.sql(self.app.name, removal)
        self.app.server.sql(self.app.name, removal)  # and twice
        self.assertNotIn("driftd.", self.app.server.dump(self.app.name, "--schema-only"))

    def test_removing_takes_nobody_elses_table(self):
        self.app.server.sql(self.app.name, "CREATE TABLE driftd.theirs (id integer)")
        removal = run_driftd("ddl-log", "--print-sql", "--remove").out
        with self.assertRaisesRegex(AssertionError, "theirs"):
            self.app.server.sql(self.app.name, removal)
        self.assertEqual(logged(self.app), ["CREATE TABLE|driftd.theirs"])

    def test_the_row_says_who_when_from_where(self):
        by_somebody(self.app, "ines", "night shift", "ALTER TABLE users ADD COLUMN note text")
        columns = ("login_role, acting_role, application, client, tag, object_type, object, dropped, "
                   "statement, at BETWEEN now() - interval '1 min' AND now(), pid > 0, "
                   "transaction_id > 0")
        self.assertEqual(
            logged(self.app, columns),
            [f"{self.app.name}_ines|{self.app.owner}|night shift|127.0.0.1|ALTER TABLE|table|"
             "public.users|f|ALTER TABLE users ADD COLUMN note text|t|t|t"])

    def test_what_is_logged(self):
        app = self.app
        cases = [
            # what is sent, what is logged of it
            ("DO $$BEGIN EXECUTE 'CREATE TABLE in_do (a integer, b integer)'; END$$",
             ["CREATE TABLE|public.in_do|f"]),
            ("BEGIN; CREATE TABLE rolled_back (a integer); ROLLBACK", []),
            ("CREATE TEMP TABLE t (a serial); CREATE INDEX ON t (a); DROP TABLE t", []),
            ("ALTER TABLE in_do RENAME COLUMN b TO c", ["ALTER TABLE|public.in_do.c|f"]),
            ("CREATE INDEX ix_c ON in_do (c)", ["CREATE INDEX|public.ix_c|f"]),
            ("ALTER TABLE in_do DROP COLUMN c",
             ["ALTER TABLE|public.in_do.c|t", "ALTER TABLE|public.ix_c|t",
              "ALTER TABLE|public.in_do|f"]),
            ("ALTER TABLE in_do RENAME TO done", ["ALTER TABLE|public.done|f"]),
            ("CREATE VIEW v AS SELECT a FROM done", ["CREATE VIEW|public.v|f"]),
            ("CREATE MATERIALIZED VIEW m AS SELECT 1 AS x", ["CREATE MATERIALIZED VIEW|public.m|f"]),
            ("REFRESH MATERIALIZED VIEW m", []),
            ("REFRESH MATERIALIZED VIEW m WITH NO DATA", ["REFRESH MATERIALIZED VIEW|public.m|f"]),
            ("DROP TABLE done CASCADE", ["DROP TABLE|public.done|t", "DROP TABLE|public.v|t"]),
            ("GRANT SELECT ON users TO PUBLIC", ["GRANT||f"]),
            ("TRUNCATE users CASCADE", []),
        ]
        seen = 0
        for sent, expected in cases:
            with self.subTest(sent):
                app.sql(sent)
                rows = logged(app, "tag, object, dropped")
                self.assertEqual(rows[seen:], expected)
                seen = len(rows)
        app.server.sql(app.name, "CREATE EXTENSION citext")
        self.assertEqual(logged(app)[seen:], ["CREATE EXTENSION|citext"])
        app.server.sql(app.name, "CREATE TABLE c (k integer, name citext)")
        app.server.sql(app.name, "DROP EXTENSION citext CASCADE")
        self.assertEqual(logged(app)[seen + 2:],
                         ["DROP EXTENSION|citext", "DROP EXTENSION|public.c.name"])

    def test_no_secret_is_kept(self):
        app = self.app
        secrets = [
            "CREATE FOREIGN DATA WRAPPER w OPTIONS (key 'S3CRET')",
            "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'S3CRET')",
            "ALTER SERVER s OPTIONS (SET host 'S3CRET-2')",
            "CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'x', password 'S3CRET')",
            "ALTER USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (SET password 'S3CRET-2')",
            "CREATE SUBSCRIPTION sub CONNECTION 'host=h password=S3CRET' PUBLICATION p "
            "WITH (connect = false, slot_name = NONE)",
            "ALTER SUBSCRIPTION sub CONNECTION 'host=h user=S3CRET'",
            "CREATE FOREIGN TABLE f (a integer) SERVER s OPTIONS (token 'S3CRET')",
            "CREATE VIEW v1 AS SELECT 'postgresql://me:S3CRET@host/db' AS url",
            "CREATE VIEW v2 AS SELECT 'host=h password=S3CRET' AS conninfo",
            "CREATE VIEW v3 AS SELECT '{\"api_key\": \"S3CRET\"}' AS j",
            "CREATE FUNCTION f1() RETURNS void LANGUAGE sql SET app.jwt_secret = 'S3CRET' AS ''",
            "CREATE FUNCTION f2() RETURNS text LANGUAGE sql AS "
            "$$SELECT set_config('app.access_key', 'S3CRET', false)$$",
            # One message with several statements: each sees the text of all.
            "DO $$BEGIN CREATE TABLE t1 (a integer); "
            f"ALTER ROLE {app.owner} PASSWORD 'S3CRET'; END$$",
            "DO $$BEGIN CREATE TABLE t2 (name text, password_hash text); "
            "INSERT INTO t2 (name, password_hash) VALUES ('x', 'S3CRET'); END$$",
        ]
        for text in secrets:
            with self.subTest(text):
                app.server.sql(app.name, text)
        rows = logged(app, "tag")
        self.assertGreaterEqual(len(rows), len(secrets), rows)
        whole = app.server.sql(app.name, "SELECT string_agg(l::text, ' ') FROM driftd.ddl_log l")
        self.assertNotIn("S3CRET", whole)
        # A column's name is no secret.
        plain = ["ALTER TABLE users ADD COLUMN password_hash text",
                 "ALTER TABLE users ADD COLUMN token text DEFAULT 'x'",
                 "COMMENT ON COLUMN users.password_hash IS 'bcrypt'"]
        for text in plain:
            app.sql(text)
        self.assertEqual(logged(app, "statement")[-3:], plain)

    def test_a_long_statement_is_cut(self):
        self.app.sql("CREATE TABLE wide (" + ", ".join(f"column_{i} integer" for i in range(300)) +
                     ")")
        self.assertEqual(logged(self.app, "length(statement)"), ["2000"])

    def test_the_log_is_bounded(self):
        self.app.server.sql(self.app.name, """
            INSERT INTO driftd.ddl_log (at, transaction_id, login_role, acting_role, application,
                                        pid, tag, object_type, dropped)
              SELECT now(), 1, '', '', '', 0, '', '', false FROM generate_series(1, 11000)""")
        self.app.sql("DO $$BEGIN FOR i IN 1..200 LOOP EXECUTE "
                     "format('CREATE TABLE many_%s (a integer)', i); END LOOP; END$$")
        rows = int(self.app.server.sql(self.app.name, "SELECT count(*) FROM driftd.ddl_log"))
        self.assertLessEqual(rows, 10100)
        self.assertGreater(rows, 9000)


class FailsOpen(unittest.TestCase):
    """Whatever happens to the log, the application's commands are done."""

    def setUp(self):
        self.app = new_app()
        install(self.app)
        self.tables = 0

    def change(self, before="", app=None):
        """One command of the application; what it was warned of."""
        app = app or self.app
        self.tables += 1
        done = subprocess.run(app.server.psql(app.name, app.owner), text=True,
                              input=f"{before}CREATE TABLE t{self.tables} (a integer);",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(app.sql(f"SELECT count(*) FROM t{self.tables}"), "0")
        return done.stderr

    def test_it_works(self):
        self.assertEqual(self.change(), "")
        self.assertEqual(len(logged(self.app)), 1)

    def test_the_table_is_gone(self):
        self.app.server.sql(self.app.name, "DROP TABLE driftd.ddl_log")
        self.assertIn("has not logged this", self.change())

    def test_the_schema_is_gone(self):
        self.app.server.sql(self.app.name, "DROP SCHEMA driftd CASCADE")
        self.assertEqual(self.change(), "")

    def test_the_table_refuses_rows(self):
        self.app.server.sql(self.app.name,
                            "ALTER TABLE driftd.ddl_log ADD CHECK (tag <> 'CREATE TABLE')")
        self.assertIn("has not logged this", self.change())

    def test_its_owner_may_not_write(self):
        # As on a managed service, where the owner is no superuser.
        name = self.app.name
        self.app.server.sql(name, f"""
            CREATE ROLE {name}_master;
            GRANT USAGE ON SCHEMA driftd TO {name}_master;
            GRANT EXECUTE ON FUNCTION driftd.log_ddl() TO {name}_master;
            GRANT CREATE ON SCHEMA driftd TO {name}_master;
            ALTER FUNCTION driftd.log_ddl() OWNER TO {name}_master""")
        self.assertIn("permission denied", self.change())

    def test_somebody_locks_the_table(self):
        with Sql(self.app.server, self.app.name) as other:
            other.run("BEGIN; LOCK driftd.ddl_log IN ACCESS EXCLUSIVE MODE;")
            began = time.monotonic()
            self.assertIn("lock timeout", self.change())
            self.assertLess(time.monotonic() - began, 10)

    def test_two_who_prune_at_once_do_not_wait(self):
        server, name = self.app.server, self.app.name
        server.sql(name, """
            INSERT INTO driftd.ddl_log (at, transaction_id, login_role, acting_role, application,
                                        pid, tag, object_type, dropped)
              SELECT now(), 1, '', '', '', 0, '', '', false FROM generate_series(1, 11098)""")
        with Sql(server, name) as one:
            one.run("BEGIN; DO $$BEGIN FOR i IN 1..120 LOOP EXECUTE "
                    "format('CREATE TABLE one_%s (a integer)', i); END LOOP; END$$;")
            self.assertEqual(self.change("DO $$BEGIN FOR i IN 1..120 LOOP EXECUTE "
                                         "format('CREATE TABLE two_%s (a integer)', i); "
                                         "END LOOP; END$$; "), "")
            one.run("COMMIT;")
        self.assertEqual(server.sql(name, "SELECT count(*) FROM pg_class WHERE relname LIKE "
                                          "'one\\_%' OR relname LIKE 'two\\_%'"), "240")

    def test_serializable_transactions_do_not_meet_in_it(self):
        server, name = self.app.server, self.app.name
        with Sql(server, name) as one, Sql(server, name) as two:
            for session, table in ((one, "a"), (two, "b")):
                session.run("BEGIN ISOLATION LEVEL SERIALIZABLE; "
                            "DO $$BEGIN FOR i IN 1..120 LOOP EXECUTE "
                            f"format('CREATE TABLE {table}_%s (a integer)', i); END LOOP; END$$;")
            self.assertEqual(one.run("COMMIT;") + two.run("COMMIT;"), "")
        self.assertEqual(server.sql(name, "SELECT count(*) FROM driftd.ddl_log"), "240")

    def test_a_session_of_odd_settings(self):
        self.assertEqual(self.change("SET standard_conforming_strings = off; "
                                     "SET quote_all_identifiers = on; SET search_path = ''; "
                                     "SET search_path = public; "), "")
        self.assertEqual(logged(self.app), ["CREATE TABLE|public.t1"])

    def test_a_schema_of_somebody_else(self):
        app = new_app()
        app.server.sql(app.name, f"CREATE SCHEMA driftd AUTHORIZATION {app.owner}")
        with self.assertRaisesRegex(AssertionError, "the schema driftd belongs to"):
            install(app)

    def test_a_table_that_is_another(self):
        app = new_app()
        app.server.sql(app.name, "CREATE SCHEMA driftd; CREATE TABLE driftd.ddl_log (a integer)")
        with self.assertRaisesRegex(AssertionError, "does not exist"):
            install(app)
        self.assertNotIn("EVENT TRIGGER", app.server.dump(app.name, "--schema-only"))

    def test_only_a_superuser_installs(self):
        app = new_app()
        app.server.sql(app.name, f"GRANT CREATE ON DATABASE {app.name} TO {app.owner}")
        with self.assertRaisesRegex(AssertionError, "permission denied to create event trigger"):
            app.sql(run_driftd("ddl-log", "--print-sql").out)
        self.assertNotIn("driftd", app.server.dump(app.name, "--schema-only"))

    def test_subscribers_of_all_tables(self):
        app = new_app()
        app.server.sql(app.name, "CREATE PUBLICATION everything FOR ALL TABLES")
        with self.assertRaisesRegex(AssertionError, "replication would stop"):
            install(app)
        install(app, "--unlogged")
        self.assertEqual(app.server.sql(app.name, "SELECT count(*) FROM pg_publication_tables "
                                                  "WHERE schemaname = 'driftd'"), "0")
        self.change(app=app)
        self.assertEqual(len(logged(app)), 1)


class TwoPhaseCommit(unittest.TestCase):
    def test_a_transaction_that_changes_the_schema_is_prepared(self):
        server = Postgres(max_prepared_transactions="4")
        app = new_app(server=server)
        install(app)
        app.sql("BEGIN; CREATE TABLE by_hand (a integer); PREPARE TRANSACTION 'x'")
        app.sql("COMMIT PREPARED 'x'")
        self.assertEqual(logged(app), ["CREATE TABLE|public.by_hand"])
        server.stop()


if __name__ == "__main__":
    main()

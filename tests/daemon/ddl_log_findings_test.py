"""Findings of a database with the DDL log say who made them."""

import json
import subprocess
import unittest

from ddl_log import by_somebody, install
from harness import (BINDIR, Driftd, Postgres, driftd as run_driftd, main, new_app, shared_server,
                     unprivileged, wait_until)

SOON = 15.0


class Checked(unittest.TestCase):
    """driftd check, which remembers no look before."""

    def setUp(self):
        self.app = new_app()

    def check(self, *more):
        return run_driftd("check", "--database", self.app.uri, "--migrations",
                          str(self.app.project), *more)

    def report(self, code=2, *more):
        result = self.check("--format", "json", *more)
        self.assertEqual(result.code, code, result)
        return result.json()["report"]

    def finding(self, identity: str) -> dict:
        found = [f for f in self.report()["findings"] if f["object"]["identity"] == identity]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_the_log_is_no_drift(self):
        install(self.app, "--role", self.app.guest)
        for more in ((), ("--fail-on", "harmless")):
            result = self.check(*more)
            self.assertEqual(result.code, 0, result)
            self.assertNotIn("driftd.", result.out)
        config = self.app.directory / "all.yaml"
        config.write_text(f"""\
databases:
  - database: {self.app.uri}
    migrations: {self.app.project}
    privileges: all
""")
        result = run_driftd("check", "--config.file", str(config), "--format", "json")
        findings = result.json()["report"]["findings"]
        self.assertEqual([f for f in findings if "ddl_log" in f["object"]["identity"]
                          or "driftd" in f["object"]["identity"]], [])

    def test_what_others_put_there_is_drift(self):
        install(self.app, "--role", self.app.guest)
        self.app.server.sql(self.app.name, """
            CREATE TABLE driftd.theirs (id integer);
            ALTER TABLE driftd.ddl_log ADD COLUMN more text;
            CREATE FUNCTION driftd.theirs() RETURNS integer LANGUAGE sql AS 'SELECT 1'""")
        self.assertEqual([f["object"]["identity"] for f in self.report()["findings"]],
                         ["driftd.ddl_log.more", "driftd.theirs()", "driftd.theirs"])

    def test_a_schema_of_that_name_without_the_log_is_drift(self):
        self.app.server.sql(self.app.name, "CREATE SCHEMA driftd")
        self.assertEqual([f["object"]["identity"] for f in self.report(0)["findings"]],
                         ["driftd"])

    def test_diff_knows_it_too(self):
        other = new_app()
        install(self.app, "--role", self.app.guest)
        result = run_driftd("diff", other.uri, self.app.uri)
        self.assertNotIn("ddl_log", result.out, result)
        self.assertNotIn("driftd.", result.out, result)

    def test_a_finding_says_who(self):
        install(self.app, "--role", self.app.guest)
        role = by_somebody(self.app, "ines", "night shift",
                           "ALTER TABLE users ADD COLUMN by_hand text")
        self.app.sql("ALTER TABLE users ALTER COLUMN email SET STATISTICS 7")
        by = self.finding("public.users.by_hand")["changed_by"]
        self.assertRegex(by.pop("time"), r"^20\d\d-.*Z$")
        self.assertGreater(by.pop("pid"), 0)
        self.assertEqual(by, {"role": role, "acting_role": self.app.owner,
                              "application": "night shift", "client": "127.0.0.1",
                              "tag": "ALTER TABLE", "object": "public.users",
                              "statement": "ALTER TABLE users ADD COLUMN by_hand text",
                              "certain": True, "others": 0})
        out = self.check().out
        self.assertIn(f"by {role} (as {self.app.owner}) with night shift from 127.0.0.1, 20", out)
        self.assertIn("UTC: ALTER TABLE\n      ALTER TABLE users ADD COLUMN by_hand text\n", out)

    def test_each_sort_of_change(self):
        app = self.app
        install(app, "--role", app.guest)
        cases = [
            # a statement of a role of its own, the object of the finding, whether it is certain
            ("dropper", "ALTER TABLE users DROP COLUMN phone", "public.users.phone", True),
            ("namer", "ALTER TABLE users RENAME COLUMN display_name TO shown_name",
             "public.users.display_name", True),
            ("indexer", "CREATE INDEX by_hand_ix ON users (email)", "public.by_hand_ix", True),
            ("maker", "CREATE TABLE by_hand (id integer)", "public.by_hand", True),
            ("doer", "DO $$BEGIN EXECUTE 'CREATE TABLE ' || 'in_do (id integer)'; END$$",
             "public.in_do", True),
            ("checker", "ALTER TABLE accounts ADD CHECK (id IS NOT NULL)",
             "accounts_id_check on public.accounts", False),
            ("commenter", "COMMENT ON COLUMN users.email IS 'by hand'",
             "column public.users.email", True),
        ]
        for person, statement, _, _ in cases:
            by_somebody(app, person, "psql", statement)
        app.server.sql(app.name, "CREATE EXTENSION citext")
        findings = {f["object"]["identity"]: f for f in self.report()["findings"]}
        for person, statement, identity, certain in cases:
            with self.subTest(statement):
                self.assertIn(identity, findings)
                by = findings[identity]["changed_by"]
                self.assertIsNotNone(by, findings[identity])
                self.assertEqual((by["role"], by["certain"]),
                                 (f"{app.name}_{person}", certain), by)
                self.assertEqual(by["statement"], statement)
        self.assertEqual(findings["citext"]["changed_by"]["tag"], "CREATE EXTENSION")
        self.assertNotIn("changed_by\": null", json.dumps(findings))

    def test_several_in_question(self):
        install(self.app, "--role", self.app.guest)
        for length in (10, 11, 12):
            self.app.sql(f"ALTER TABLE users ALTER COLUMN phone TYPE varchar({length})")
        by = self.finding("public.users.phone")["changed_by"]
        self.assertTrue(by["statement"].endswith("varchar(12)"), by)
        self.assertEqual(by["others"], 2)
        self.assertIn("2 more commands are in question", self.check().out)

    def test_a_secret_is_not_told(self):
        install(self.app, "--role", self.app.guest)
        self.app.sql("CREATE VIEW by_hand AS SELECT 'password=S3CRET' AS conninfo")
        self.assertIsNone(self.finding("public.by_hand")["changed_by"]["statement"])
        self.assertIn("it may hold a secret", self.check().out)

    def test_without_the_log(self):
        self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        self.assertIsNone(self.finding("public.users.by_hand")["changed_by"])
        self.assertEqual(self.report()["notes"], [])

    def test_without_the_right_to_read_it(self):
        install(self.app)
        self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        self.assertIsNone(self.finding("public.users.by_hand")["changed_by"])
        notes = self.report()["notes"]
        self.assertEqual(len(notes), 1, notes)
        grants = notes[0].partition("may not read: ")[2]
        self.app.server.sql(self.app.name, grants)  # what the note says
        self.assertIsNotNone(self.finding("public.users.by_hand")["changed_by"])
        self.assertEqual(self.report()["notes"], [])

    def test_a_log_that_does_not_log_is_told(self):
        install(self.app, "--role", self.app.guest)
        admin = lambda text: self.app.server.sql(self.app.name, text)
        admin("ALTER EVENT TRIGGER driftd_ddl_log_drop DISABLE")
        self.assertIn("its event triggers are missing or off", self.report(0)["notes"][0])
        admin("ALTER EVENT TRIGGER driftd_ddl_log_drop ENABLE")
        self.assertEqual(self.report(0)["notes"], [])
        admin("CREATE OR REPLACE FUNCTION driftd.log_ddl() RETURNS event_trigger "
              "LANGUAGE plpgsql AS 'BEGIN END'")
        self.assertIn("is not the one that this driftd prints", self.report(0)["notes"][0])
        install(self.app)
        self.assertEqual(self.report(0)["notes"], [])

    def config(self, mode):
        config = self.app.directory / "driftd.yaml"
        config.write_text(f"""\
databases:
  - database: {self.app.uri}
    migrations: {self.app.project}
    ddl_log: {{read: {mode}}}
""")
        return run_driftd("check", "--config.file", str(config), "--format", "json")

    def test_required(self):
        result = self.config("required")
        self.assertEqual(result.code, 1, result)
        unknown = result.json()["unknown"]
        self.assertIn("has no DDL log", unknown["message"])
        install(self.app)
        unknown = self.config("required").json()["unknown"]
        self.assertEqual(unknown["reason"], "permission")
        install(self.app, "--role", self.app.guest)
        self.assertEqual(self.config("required").code, 0)

    def test_off(self):
        install(self.app)
        self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        report = self.config('"off"').json()["report"]
        self.assertEqual(report["notes"], [])
        self.assertIsNone(report["findings"][0]["changed_by"])

    def test_the_guest_may_do_nothing_else(self):
        install(self.app, "--role", self.app.guest)
        for text in ("INSERT INTO driftd.ddl_log DEFAULT VALUES", "DELETE FROM driftd.ddl_log",
                     "SELECT driftd.log_ddl()", "SELECT * FROM users",
                     "CREATE TABLE driftd.x (a integer)"):
            with self.subTest(text), self.assertRaisesRegex(AssertionError, "ERROR"):
                self.app.server.sql(self.app.name, text, self.app.guest)


class Watched(unittest.TestCase):
    """driftd serve, which knows what was there a look ago."""

    def setUp(self):
        self.app = new_app()
        install(self.app, "--role", self.app.guest)
        self.state = self.app.directory / "state"
        self.config = self.app.directory / "driftd.yaml"
        self.config.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - name: shop
    database: {self.app.uri}
    migrations: {self.app.project}
    interval: 500ms
    confirm_after: 200ms
    state: {self.state}
""")

    def serve(self):
        return Driftd("--config.file", str(self.config))

    def by(self, driftd, identity):
        for finding in driftd.findings():
            if finding["object"]["identity"] == identity:
                return finding["changed_by"]
        return None

    def test_only_what_came_since_the_look_before(self):
        self.app.sql("ALTER TABLE users ALTER COLUMN phone TYPE varchar(99)")
        self.app.sql("ALTER TABLE users ALTER COLUMN phone TYPE varchar(32)")
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            # Begun long before it is seen, and committed now: no clock would place it.
            role = by_somebody(self.app, "night", "psql",
                               "BEGIN; ALTER TABLE users ALTER COLUMN phone TYPE varchar(5); "
                               "SELECT pg_sleep(2); COMMIT")
            driftd.wait_for("drift", SOON)
            by = self.by(driftd, "public.users.phone")
            self.assertEqual((by["role"], by["others"]), (role, 0), by)
            # A later change of the same table is another finding, and takes nothing from the first.
            other = by_somebody(self.app, "day", "psql", "ALTER TABLE users ADD COLUMN phone_2 text")
            wait_until(lambda: self.by(driftd, "public.users.phone_2"), "the second finding")
            self.assertEqual(self.by(driftd, "public.users.phone_2")["role"], other)
            self.assertEqual(self.by(driftd, "public.users.phone"), by)
            # Another value of the same property is another change.
            by_somebody(self.app, "day", "psql",
                        "ALTER TABLE users ALTER COLUMN phone TYPE varchar(6)")
            wait_until(lambda: self.by(driftd, "public.users.phone")["role"] == other,
                       lambda: driftd.findings())

    def test_a_restart_forgets_nobody(self):
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            role = by_somebody(self.app, "night", "psql",
                               "ALTER TABLE users ALTER COLUMN phone TYPE varchar(5)")
            driftd.wait_for("drift", SOON)
            by = self.by(driftd, "public.users.phone")
            self.assertRegex(driftd.log, f'changed_by={role} application=psql client=127.0.0.1 '
                                         'command="ALTER TABLE" statement="ALTER TABLE users')
            driftd.kill()
        by_somebody(self.app, "day", "psql", "ALTER TABLE users ALTER COLUMN phone SET STATISTICS 5",
                    "ALTER TABLE users ALTER COLUMN phone SET STATISTICS -1")
        with self.serve() as driftd:
            driftd.wait_for("drift", SOON)
            self.assertEqual(self.by(driftd, "public.users.phone"), by)
            page = driftd.get("/")[1]
            self.assertIn(f"Changed by {role} (as {self.app.owner}) with psql from 127.0.0.1", page)
            self.assertIn("<pre class=\"statement\" tabindex=\"0\">ALTER TABLE users", page)
            self.app.sql("ALTER TABLE users ALTER COLUMN phone TYPE varchar(32)")
            driftd.wait_for("in_sync", SOON)
        result = run_driftd("log", "--config.file", str(self.config), "--format", "json")
        events = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual([e["event"] for e in events], ["appeared", "resolved"], events)
        self.assertEqual(events[0]["changed_by"],
                         f"by {role} (as {self.app.owner}) with psql from 127.0.0.1: "
                         "ALTER TABLE users ALTER COLUMN phone TYPE varchar(5)")
        self.assertIn(f"    by {role} (as", run_driftd("log", "--state", str(self.state)).out)

    def test_the_log_is_read_for_new_findings_only(self):
        server = self.app.server
        reads = lambda: int(server.sql(self.app.name, "SELECT pg_stat_force_next_flush(); "
            "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE "
            "schemaname = 'driftd'").splitlines()[-1])
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            before = reads()
            driftd.wait_for_looks(3)
            self.assertEqual(reads(), before)
            self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", SOON)
            wait_until(lambda: reads() > before, "the log was read")
            before = reads()
            driftd.wait_for_looks(3)
            self.assertEqual(reads(), before)

    def test_a_log_that_cannot_be_read_now_is_read_later(self):
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.app.server.sql(self.app.name, f"REVOKE SELECT ON driftd.ddl_log FROM "
                                               f"{self.app.guest}")
            self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", SOON)
            self.assertIsNone(self.by(driftd, "public.users.by_hand"))
            self.app.server.sql(self.app.name, f"GRANT SELECT ON driftd.ddl_log TO "
                                               f"{self.app.guest}")
            wait_until(lambda: self.by(driftd, "public.users.by_hand"), "who it was", SOON)
            self.assertEqual(driftd.report()["report"]["notes"], [])


class Standby(unittest.TestCase):
    def standby(self, primary):
        copy = Postgres.__new__(Postgres)
        copy.__dict__.update(primary.__dict__)
        return copy

    def test_a_standby_tells_who_and_is_written_to_by_nobody(self):
        primary = Postgres(wal_level="replica", max_wal_senders="4", hot_standby="on")
        app = new_app(server=primary)
        install(app, "--role", app.guest)
        role = by_somebody(app, "ines", "psql", "ALTER TABLE users ADD COLUMN by_hand text")
        data = primary.directory / "standby"
        subprocess.run([BINDIR / "pg_basebackup", "-h", primary.sockets, "-p", str(primary.port),
                        "-U", "postgres", "-D", data, "-R", "-X", "stream", "-c", "fast"],
                       check=True, cwd=primary.directory, **self.as_postgres(primary))
        standby = self.standby(primary)
        standby.data, standby.port, standby.process = data, 0, None
        standby.log = primary.directory / "standby.log"
        try:
            standby.start()
            uri = standby.uri(app.name, app.guest, app.guest_password)
            result = run_driftd("check", "--database", uri, "--migrations", str(app.project),
                                "--format", "json")
            self.assertEqual(result.code, 2, result)
            report = result.json()["report"]
            self.assertTrue(report["server"]["in_recovery"])
            self.assertEqual(report["findings"][0]["changed_by"]["role"], role)
        finally:
            standby.stop()
            primary.stop()

    def as_postgres(self, server):
        # pg_basebackup writes where its user may: the server's own folder is root's.
        import os
        if os.geteuid() == 0:
            os.chown(server.directory, unprivileged()["user"], unprivileged()["group"])
        return unprivileged()


if __name__ == "__main__":
    main()

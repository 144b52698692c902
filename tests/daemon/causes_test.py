"""Why a database differs, since when, and whether an object is still the one it was."""

import datetime
import time
import unittest

from harness import Driftd, Postgres, driftd as run_driftd, main, new_app, wait_until

SOON = 15.0

# Statements of one revision that are committed one by one.
IN_PARTS = """\
op.add_column("users", sa.Column("nickname", sa.Text()))
with op.get_context().autocommit_block():
    op.execute("CREATE TABLE nicknames (name text)")
    op.execute("INSERT INTO nicknames SELECT 1 / (1 - (SELECT count(*) FROM brokers))")
    op.execute("CREATE INDEX CONCURRENTLY ix_users_nickname ON users (nickname)")
"""


def check(app):
    return run_driftd("check", "--database", app.uri, "--migrations", str(app.project),
                      "--format", "json")


def settings_of(app, more):
    """A file with one database and `more` for it."""
    path = app.directory / "driftd.yaml"
    path.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - {{database: "{app.uri}", migrations: {app.project}, interval: 500ms, {more}}}
""")
    return str(path)


def causes(report):
    return {one["cause"]: one for one in report["causes"]}


def cause_of(report, identity):
    [finding] = [f for f in report["findings"] if f["object"]["identity"] == identity]
    return finding["cause"]


class OneLook(unittest.TestCase):
    """`driftd check` knows no look before."""

    def report(self, app, code=2):
        result = check(app)
        self.assertEqual(result.code, code, result)
        return result.json()["report"]

    def test_stamped_and_never_run(self):
        app = new_app(revision="011")
        app.alembic("stamp", "head")
        report = self.report(app)
        self.assertGreater(len(report["findings"]), 3)
        self.assertEqual({f["cause"] for f in report["findings"]}, {"stamped_not_applied"})
        [cause] = report["causes"]
        self.assertEqual(cause["revisions"], ["012", "013", "014"])
        self.assertEqual(cause["findings"], len(report["findings"]))
        self.assertIn("the version table says 014, and the database is as 011 leaves it",
                      cause["sentence"])
        text = run_driftd("check", "--database", app.uri, "--migrations", str(app.project)).out
        self.assertIn(f"stamped and not applied ({cause['findings']} findings): ", text)

    def test_stamped_on_an_empty_database(self):
        app = new_app(revision=None)
        app.alembic("stamp", "head")
        app.sql(f"GRANT SELECT ON alembic_version TO {app.guest}")
        [cause] = self.report(app)["causes"]
        self.assertEqual(cause["cause"], "stamped_not_applied")
        self.assertEqual(len(cause["revisions"]), 14)
        self.assertIn("before the first revision", cause["sentence"])

    def test_stamped_and_something_else_by_hand(self):
        app = new_app(revision="011")
        app.alembic("stamp", "head")
        app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        report = self.report(app)
        self.assertEqual(set(causes(report)), {"stamped_not_applied", "changed_by_hand"})
        self.assertEqual(cause_of(report, "public.users.by_hand"), "changed_by_hand")

    def test_a_stamp_that_does_not_explain_all_is_not_named(self):
        app = new_app(revision="012")
        app.alembic("stamp", "013")
        # The view of 013, and not as 013 makes it.
        app.sql("CREATE VIEW account_balances AS SELECT 1 AS account_id")
        self.assertEqual(set(causes(self.report(app))), {"changed_by_hand"})

    def test_run_and_not_stamped(self):
        app = new_app()
        app.sql("UPDATE alembic_version SET version_num = '011'")
        [cause] = self.report(app)["causes"]
        self.assertEqual((cause["cause"], cause["revisions"]),
                         ("applied_not_stamped", ["012", "013", "014"]))

    def test_pending_is_no_cause(self):
        app = new_app(revision="011")
        app.sql("DROP INDEX ix_transactions_pending")
        self.assertEqual(set(causes(self.report(app))), {"changed_by_hand"})

    def test_half_applied(self):
        app = new_app()
        app.sql("INSERT INTO brokers (code, name, settlement_days) VALUES ('a', 'a', 2)")
        path = app.add_revision("015", "014", IN_PARTS)
        with self.assertRaisesRegex(AssertionError, "division by zero"):
            app.alembic("upgrade", "head")
        report = self.report(app)
        [cause] = report["causes"]
        self.assertEqual((cause["cause"], cause["revisions"]), ("half_applied", ["015"]), report)
        # The row may have been refused, or the index that comes after it.
        lines = path.read_text().splitlines()
        at = [1 + next(i for i, line in enumerate(lines) if text in line)
              for text in ("INSERT INTO nicknames", "CREATE INDEX CONCURRENTLY")]
        self.assertRegex(cause["sentence"],
                         rf"of the pending revision 015 2 of 3 statements are there: it stopped "
                         rf"between \S*015\.py:{at[0]}\S* and \S*015\.py:{at[1]}")
        self.assertEqual(cause["place"]["line"], at[0])
        self.assertEqual({f["cause"] for f in report["findings"]}, {"half_applied"})

    def test_half_applied_although_it_is_stamped(self):
        app = new_app()
        app.add_revision("015", "014", 'op.add_column("users", sa.Column("nickname", sa.Text()))\n'
                                       'op.create_index("ix_nick", "users", ["nickname"])')
        app.sql("ALTER TABLE users ADD COLUMN nickname text")
        app.alembic("stamp", "head")
        [cause] = self.report(app)["causes"]
        self.assertEqual(cause["cause"], "half_applied")
        self.assertIn("of the revision 015 1 of 2 statements are there", cause["sentence"])

    def test_a_rolled_back_image(self):
        app = new_app()
        (app.versions / "014_table_comments.py").unlink()
        result = check(app)
        self.assertEqual(result.code, 1, result)
        cause = result.json()["unknown"]["cause"]
        self.assertEqual((cause["cause"], cause["revisions"]), ("rolled_back_image", ["014"]))
        text = run_driftd("check", "--database", app.uri, "--migrations", str(app.project))
        self.assertIn("cause    a rolled back image: the database has 014", text.out + text.err)

    def test_since_is_not_claimed(self):
        app = new_app()
        app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        [finding] = self.report(app)["findings"]
        self.assertIsNone(finding["since"]["at"])
        self.assertIsNone(finding["since"]["after"])
        text = run_driftd("check", "--database", app.uri, "--migrations", str(app.project)).out
        self.assertNotIn("since", text)


class Resident(unittest.TestCase):
    """What only looks before can tell."""

    def cause(self, driftd, identity):
        wait_until(lambda: all(f["cause"] for f in driftd.findings()),
                   lambda: f"causes: {driftd.report()}")
        return cause_of(driftd.report()["report"], identity)

    def test_undone_by_hand_is_not_taken_for_a_stamp(self):
        app = new_app(revision="013")
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            app.sql("DROP VIEW account_balances")
            driftd.wait_for("drift", SOON)
            self.assertEqual(self.cause(driftd, "public.account_balances"), "changed_by_hand")
            [(labels, _)] = driftd.metrics()["driftd_finding_info"]
            self.assertEqual((labels["object"], labels["cause"]),
                             ("public.account_balances", "changed_by_hand"))
        # One look alone cannot know it, and says both.
        [cause] = check(app).json()["report"]["causes"]
        self.assertEqual((cause["cause"], cause["revisions"]), ("stamped_not_applied", ["013"]))
        self.assertIn("or undone by hand", cause["sentence"])

    def test_a_stamp_is_seen_as_it_happens(self):
        app = new_app(revision="011")
        # A stamp looks like a deployment; what it leaves would wait for its end.
        with Driftd("--config.file", settings_of(app, "deployment_grace: 0")) as driftd:
            driftd.wait_for("in_sync")
            app.alembic("stamp", "head")
            driftd.wait_for("drift", SOON)
            self.assertEqual(self.cause(driftd, "public.account_balances"), "stamped_not_applied")
            findings = len(driftd.findings())
            counted = driftd.value("driftd_cause_findings", cause="stamped_not_applied")
            self.assertEqual(counted, findings)
            self.assertIn("cause=stamped_not_applied", driftd.log)
            self.assertIn("stamped and not applied", driftd.get("/")[1])
            app.alembic("stamp", "011")
            driftd.wait_for("in_sync", SOON)
            self.assertEqual(driftd.value("driftd_cause_findings", cause="stamped_not_applied"), 0)

    def test_no_look_waits_for_a_cause(self):
        app = new_app()
        app.add_revision("slow", "014", 'op.execute("SELECT pg_sleep(4)")')
        app.alembic("upgrade", "head")
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            app.sql("ALTER TABLE users ADD COLUMN first text")
            driftd.wait_for("drift", SOON)
            time.sleep(0.5)  # the replay that tells why has begun
            app.sql("ALTER TABLE users ADD COLUMN second text")
            began = time.monotonic()
            wait_until(lambda: driftd.value("driftd_drift_findings") == 2, "the second is found", SOON)
            self.assertLess(time.monotonic() - began, 3.5)
            wait_until(lambda: {f["cause"] for f in driftd.findings()} == {"changed_by_hand"},
                       lambda: f"both are explained: {driftd.findings()}", 40)

    def test_an_edited_migration(self):
        app = new_app()
        version = app.versions / "002_users_phone.py"
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            version.write_text(version.read_text().replace(
                "    op.add_column", '    op.add_column("users", sa.Column("fax", sa.Text()))\n'
                                     "    op.add_column", 1))
            driftd.wait_for("drift", SOON)
            self.assertEqual(self.cause(driftd, "public.users.fax"), "edited_after_applied")
            # A change by hand of what the edited file sets is none of its doing.
            app.sql("ALTER TABLE users DROP COLUMN phone")
            wait_until(lambda: len(driftd.findings()) == 2, "two findings", SOON)
            self.assertEqual(self.cause(driftd, "public.users.phone"), "changed_by_hand")
            self.assertEqual(self.cause(driftd, "public.users.fax"), "edited_after_applied")

    def test_a_table_that_was_dropped_and_created_again(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            definition = app.server.dump(app.name, "-s", "-t", "watchlist_items")
            app.server.sql(app.name, "DROP TABLE watchlist_items;" + definition +
                           "ALTER TABLE public.watchlist_items SET UNLOGGED")
            driftd.wait_for("drift", SOON)
            [finding] = [f for f in driftd.findings()
                         if f["object"]["identity"] == "public.watchlist_items"]
            self.assertEqual(finding["object_id"], {
                "is": "created_again",
                "object": {"kind": "table", "identity": "public.watchlist_items"}})
            self.assertIn("dropped and created again", driftd.get("/")[1])

    def test_a_table_that_was_renamed_and_changed(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            app.sql("ALTER TABLE brokers RENAME TO firms; ALTER TABLE firms ADD COLUMN seat text")
            driftd.wait_for("drift", SOON)
            found = {f["object"]["identity"]: f for f in driftd.findings()}
            self.assertEqual(found["public.brokers"]["object_id"]["is"], "renamed")
            self.assertEqual(found["public.brokers"]["object_id"]["object"]["identity"],
                             "public.firms")
            self.assertEqual(found["public.firms"]["object_id"]["is"], "was_called")

    def test_what_only_looks_renamed(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            app.sql("ALTER INDEX ix_transactions_pending RENAME TO ix_waiting")
            driftd.wait_for("drift", SOON)
            [finding] = driftd.findings()
            self.assertEqual((finding["drift"], finding["object_id"]["is"]), ("renamed", "renamed"))
            definition = app.sql("SELECT pg_get_indexdef('ix_waiting'::regclass)")
            app.sql("DROP INDEX ix_waiting")
            wait_until(lambda: driftd.findings()[0]["drift"] == "missing", "a missing index", SOON)
            app.sql(definition.replace("ix_waiting", "ix_other"))
            wait_until(lambda: driftd.findings()[0]["drift"] == "renamed", "a renamed index", SOON)

    def test_since_lies_between_two_looks(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            before = driftd.report()["looked"]
            app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", SOON)
            [finding] = driftd.findings()
            since = finding["since"]
            self.assertIsNone(since["at"])
            self.assertEqual(since["before"], finding["first_seen"])
            self.assertLessEqual(before, since["after"])
            self.assertLess(since["after"], since["before"])
            self.assertIn(f"last_agreed={since['after']}", driftd.log)


class OverARestart(unittest.TestCase):
    def test_the_looks_before_it_speak_too(self):
        app = new_app(revision="013")
        config = settings_of(app, f"state: {app.directory / 'state'}")
        with Driftd("--config.file", config) as driftd:
            driftd.wait_for("in_sync")
            agreed = driftd.report()["looked"]
        app.sql("DROP VIEW account_balances")  # all that 013 makes
        with Driftd("--config.file", config) as driftd:
            driftd.wait_for("drift")
            wait_until(lambda: driftd.findings()[0]["cause"], "a cause", SOON)
            [finding] = driftd.findings()
            self.assertEqual(finding["cause"], "changed_by_hand")
            # Good looks are written down once a minute: never later than the last one.
            self.assertIsNotNone(finding["since"]["after"])
            self.assertLess(finding["since"]["after"], finding["since"]["before"])
            self.assertLessEqual(finding["since"]["after"][:19], agreed)
            before = finding["since"]
        with Driftd("--config.file", config) as driftd:
            driftd.wait_for("drift")
            self.assertEqual(driftd.findings()[0]["since"], before)


class CommitTimes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Postgres(track_commit_timestamp="on")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def committed(self, app):
        """When the newest transaction of the database ended, as driftd writes it."""
        text = app.server.sql(app.name, "SELECT to_char(timestamp AT TIME ZONE 'UTC', "
                                        "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') "
                                        "FROM pg_last_committed_xact()")
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))

    def test_are_told_of_each_kind(self):
        app = new_app(server=self.server)
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            app.sql("""BEGIN;
                ALTER TABLE users ALTER COLUMN phone SET DEFAULT 'x';
                CREATE TABLE "By hand" (id int CHECK (id > 0));
                CREATE INDEX ix_by_hand ON accounts (number);
                CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql
                  AS 'BEGIN RETURN NEW; END';
                CREATE PROCEDURE by_hand(int, text[], users) LANGUAGE sql AS 'SELECT 1';
                ALTER TABLE users DISABLE TRIGGER users_touch_updated_at;
                ALTER TABLE users ADD CONSTRAINT by_hand CHECK (id > 0);
                CREATE POLICY by_hand_too ON users;
                CREATE TYPE by_hand_kind AS ENUM ('a');
                CREATE DOMAIN by_hand_number AS int;
                CREATE SEQUENCE by_hand_sequence;
                CREATE VIEW by_hand_view AS SELECT 1;
                CREATE OR REPLACE VIEW account_balances AS
                  SELECT id AS account_id, currency, 0::numeric AS settled, 0::numeric AS pending
                    FROM accounts;
                DROP INDEX ix_transactions_pending;
                COMMIT""")
            committed = self.committed(app)
            driftd.wait_for("drift", SOON)
            told = {f["object"]["identity"]: f["since"]["at"] for f in driftd.findings()
                    if f["object"]["kind"] != "privilege"}
            self.assertIsNone(told.pop("public.ix_transactions_pending"), "it is not there")
            self.assertEqual(len(told), 13, told)
            for identity, at in told.items():
                self.assertIsNotNone(at, identity)
                apart = datetime.datetime.fromisoformat(at.replace("Z", "+00:00")) - committed
                self.assertLess(abs(apart.total_seconds()), 0.002, identity)

    def test_of_another_change_of_the_row_are_not_since_when(self):
        app = new_app(revision="011", server=self.server)
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            file = app.versions / "002_users_phone.py"
            file.write_text(file.read_text().replace("length=32", "length=33"))
            driftd.wait_for("drift", SOON)
            [finding] = driftd.findings()
            self.assertIsNone(finding["since"]["at"], "the database has not moved")
            self.assertIsNotNone(finding["since"]["after"])

    def test_are_what_a_check_can_tell(self):
        app = new_app(server=self.server)
        app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        report = check(app).json()["report"]
        self.assertIsNotNone(report["findings"][0]["since"]["at"])
        text = run_driftd("check", "--database", app.uri, "--migrations", str(app.project)).out
        self.assertRegex(text, r"last changed 20\d\d-")


if __name__ == "__main__":
    main()

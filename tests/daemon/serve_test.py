"""`driftd serve`: what it says while the database, its migrations and its settings change."""

import json
import os
import signal
import subprocess
import time
import unittest

from harness import Driftd, Postgres, Sampler, Sql, driftd_binary, main, new_app, wait_until
from harness import driftd as run_driftd

SOON = 15.0  # a change at an interval of half a second; most of it is room for a busy machine


class Drift(unittest.TestCase):
    def test_is_found_named_and_resolved(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            self.assertEqual(driftd.value("driftd_up", datname=app.name), 1)
            app.sql("ALTER TABLE accounts ALTER COLUMN number DROP NOT NULL")
            driftd.wait_for("drift", SOON)
            [finding] = driftd.findings()
            self.assertEqual(finding["object"]["identity"], "public.accounts.number")
            self.assertEqual(finding["state"], "confirmed")
            self.assertEqual(driftd.value("driftd_drift_findings", datname=app.name), 1)
            info = driftd.metrics()["driftd_finding_info"]
            self.assertEqual([labels["object"] for labels, _ in info], ["public.accounts.number"])
            for path in ("/", f"/databases/{app.name}"):
                self.assertIn("public.accounts.number", driftd.get(path)[1])

            app.sql("ALTER TABLE accounts ALTER COLUMN number SET NOT NULL")
            driftd.wait_for("in_sync", SOON)
            self.assertEqual(driftd.value("driftd_drift_findings", datname=app.name), 0)
            self.assertNotIn("driftd_finding_info", driftd.metrics())
            self.assertEqual(driftd.findings(), [])

    def test_goes_on_over_a_look_without_changes(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            app.sql("DROP INDEX ix_transactions_pending")
            driftd.wait_for("drift")
            reads = driftd.value("driftd_full_reads_total")
            with Sampler(driftd) as sampler:
                driftd.wait_for_looks(4)
            self.assertEqual(sampler.statuses(), ["drift"])
            self.assertEqual(driftd.value("driftd_full_reads_total"), reads,
                             "an unchanged catalogue is not read again")

    def test_a_seen_change_is_not_in_sync_while_it_waits_to_be_confirmed(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            with Sampler(driftd) as sampler:
                app.sql("ALTER TABLE users ADD COLUMN by_hand text")
                driftd.wait_for("drift", SOON)
            self.assertIn(sampler.statuses(),
                          (["in_sync", "unknown", "drift"], ["in_sync", "drift"]))


class Outage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def assert_never_in_sync(self, sampler, since):
        later = [(status, metrics) for at, status, metrics in sampler.samples if at >= since]
        self.assertTrue(later)
        self.assertEqual({status for status, _ in later}, {"unknown"})

    def test_a_stopped_database_is_unknown_and_comes_back(self):
        app = new_app(server=self.server)
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            self.server.stop()
            driftd.wait_for("unknown", SOON)
            since = time.monotonic()
            with Sampler(driftd, 0.05) as sampler:
                driftd.wait_for_looks(3)
            self.assert_never_in_sync(sampler, since)
            self.assertEqual(driftd.value("driftd_up", datname=app.name), 0)
            self.assertEqual(driftd.report()["unknown"]["reason"], "connect")
            self.assertEqual(driftd.get("/-/healthy")[0], 200, "driftd itself is well")
            self.server.start()
            driftd.wait_for("in_sync", SOON)
            self.assertEqual(driftd.value("driftd_up", datname=app.name), 1)
            self.assertFalse(driftd.ended())

    def test_a_crashed_database_is_unknown_and_comes_back(self):
        app = new_app(server=self.server)
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            self.server.stop(signal.SIGQUIT)
            driftd.wait_for("unknown", SOON)
            self.server.start()
            driftd.wait_for("in_sync", SOON)

    def test_a_hung_database_is_unknown_and_comes_back(self):
        app = new_app(server=self.server)
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            with self.server.hung():
                driftd.wait_for("unknown", 60)
                self.assertIn(driftd.report()["unknown"]["reason"], ("connect", "timeout"))
                self.assertEqual(driftd.get("/-/healthy")[0], 200)
            driftd.wait_for("in_sync", SOON)

    def test_drift_is_not_forgotten_by_an_outage_nor_called_resolved(self):
        app = new_app(server=self.server)
        with Driftd(app=app) as driftd:
            app.sql("ALTER TABLE users DROP COLUMN phone")
            driftd.wait_for("drift")
            self.server.stop()
            driftd.wait_for("unknown", SOON)
            with Sampler(driftd) as sampler:
                self.server.start()
                driftd.wait_for("drift", SOON)
            self.assertNotIn("in_sync", sampler.statuses())

    def test_a_database_that_is_not_there_at_the_start(self):
        app = new_app(server=self.server)
        self.server.stop()
        try:
            with Driftd(app=app) as driftd:
                wait_until(lambda: driftd.value("driftd_looks_total"), "a first look")
                self.assertEqual(driftd.status(), "unknown")
                self.assertEqual(driftd.get("/-/ready")[0], 200)
                self.server.start()
                driftd.wait_for("in_sync", SOON)
        finally:
            if self.server.process.poll() is not None:
                self.server.start()


class Reconnect(unittest.TestCase):
    """The connection that was kept may break between two looks: that is nobody's failed look."""

    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def guests(self, app) -> list:
        return self.server.sql("postgres", "SELECT pid FROM pg_stat_activity WHERE usename = "
                                           f"'{app.guest}'").split()

    def assert_no_look_failed(self, driftd):
        self.assertEqual(driftd.status(), "in_sync")
        self.assertEqual(driftd.value("driftd_look_failures_total") or 0, 0, driftd.log)

    def test_a_session_that_was_ended(self):
        app = new_app(server=self.server)
        with Driftd(app=app, interval="1s") as driftd:
            driftd.wait_for("in_sync")
            for _ in range(3):
                [before] = self.guests(app)
                app.end_guest_sessions()
                driftd.wait_for_looks(1)
                self.assertNotIn(before, self.guests(app))
            self.assert_no_look_failed(driftd)

    def test_a_server_that_was_restarted(self):
        app = new_app(server=self.server)
        with Driftd(app=app, interval="20s") as driftd:
            driftd.wait_for("in_sync")
            self.server.stop()
            self.server.start()
            app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", 40)
            self.assertEqual(driftd.value("driftd_look_failures_total") or 0, 0, driftd.log)

    def test_a_session_that_is_silent(self):
        app = new_app(server=self.server)
        with Driftd(app=app, interval="1s") as driftd:
            driftd.wait_for("in_sync")
            [silent] = self.guests(app)
            os.kill(int(silent), signal.SIGSTOP)
            try:
                driftd.wait_for_looks(2)
                self.assert_no_look_failed(driftd)
            finally:
                os.kill(int(silent), signal.SIGCONT)

    def test_a_password_that_was_changed(self):
        app = new_app(server=self.server)
        secret = app.directory / "password"
        secret.write_text(app.guest_password)
        settings = app.directory / "driftd.yaml"
        settings.write_text(f"""
databases:
  - database: "host=127.0.0.1 port={self.server.port} user={app.guest} dbname={app.name}"
    password_file: {secret}
    migrations: {app.project}
    interval: 1s
web:
  listen: ["127.0.0.1:0"]
""")
        with Driftd("--config.file", str(settings)) as driftd:
            driftd.wait_for("in_sync")
            self.server.sql("postgres", f"ALTER ROLE {app.guest} PASSWORD 'another'")
            secret.write_text("another")
            app.end_guest_sessions()
            driftd.wait_for_looks(2)
            self.assert_no_look_failed(driftd)


def revisions(driftd) -> list:
    return driftd.report()["report"]["history"]["database_revisions"]


class Migrations(unittest.TestCase):
    def test_applied_while_driftd_looks_are_never_drift(self):
        app = new_app("008")
        with Driftd(app=app, interval="100ms") as driftd:
            driftd.wait_for("in_sync")
            with Sampler(driftd) as sampler:
                for revision in ("009", "010", "011", "012", "013", "014"):
                    app.alembic("upgrade", "+1")
                    wait_until(lambda: revisions(driftd) == [revision],
                               f"driftd knows of {revision}")
                    driftd.wait_for("in_sync")
                # Not further: what comes back by a downgrade stands at the end of its table.
                app.alembic("downgrade", "011")
                app.alembic("upgrade", "head")
                driftd.wait_for("in_sync")
            self.assertGreater(len(sampler.samples), 50)
            self.assertNotIn("drift", sampler.statuses())

    def test_in_quick_succession_are_never_drift(self):
        """Back and forth without a pause, so that looks fall into every gap."""
        app = new_app("011")
        up = ("BEGIN; ALTER TABLE users ADD COLUMN extra text; CREATE INDEX extra ON users(extra);"
              "UPDATE alembic_version SET version_num = 'x1'; COMMIT;")
        down = ("BEGIN; DROP INDEX extra; ALTER TABLE users DROP COLUMN extra;"
                "UPDATE alembic_version SET version_num = '011'; COMMIT;")
        app.add_revision("x1", "011", 'op.add_column("users", sa.Column("extra", sa.Text()))\n'
                                      'op.create_index("extra", "users", ["extra"])')
        with Driftd(app=app, interval="100ms") as driftd, \
                Sql(app.server, app.name, app.owner) as session:
            driftd.wait_for("in_sync")
            with Sampler(driftd) as sampler:
                end = time.monotonic() + 10
                while time.monotonic() < end:
                    session.run(up)
                    time.sleep(0.03)
                    session.run(down)
                    time.sleep(0.02)
                driftd.wait_for("in_sync", SOON)
            self.assertNotIn("drift", sampler.statuses())

    def test_a_migration_that_is_edited_after_it_was_applied(self):
        app = new_app()
        path = app.versions / "002_users_phone.py"
        before = path.read_text()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            self.assertEqual(driftd.value("driftd_edited_migrations", datname=app.name), 0)
            path.write_text(before + "\n# a second thought\n")
            wait_until(lambda: driftd.value("driftd_edited_migrations", datname=app.name) == 1,
                       "the edit is seen")
            driftd.wait_for("in_sync")
            self.assertEqual(driftd.report()["report"]["history"]["edited"], ["002"])
            self.assertIn("edited", driftd.get("/")[1])
            app.alembic("downgrade", "001")
            wait_until(lambda: driftd.value("driftd_edited_migrations", datname=app.name) == 0,
                       "a revision that is not applied may be edited")
            app.alembic("upgrade", "head")
            driftd.wait_for("in_sync")
            path.write_text(before)
            wait_until(lambda: driftd.value("driftd_edited_migrations", datname=app.name) == 1,
                       "it was applied as edited")

    def test_a_revision_whose_file_is_gone_is_unknown_and_named(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            file = app.versions / "014_table_comments.py"
            kept = file.rename(app.directory / file.name)
            driftd.wait_for("unknown", SOON)
            told = driftd.report()["unknown"]
            self.assertEqual(told["reason"], "history")
            self.assertIn("014", told["message"])
            self.assertEqual(driftd.value("driftd_unknown_migrations", datname=app.name), 1)
            kept.rename(file)
            driftd.wait_for("in_sync", SOON)

    def test_an_edited_file_is_replayed_anew(self):
        app = new_app()
        with Driftd(app=app) as driftd:
            driftd.wait_for("in_sync")
            file = app.versions / "002_users_phone.py"
            text = file.read_text()
            file.write_text(text.replace("length=32", "length=40"))
            driftd.wait_for("drift", SOON)
            self.assertEqual(driftd.findings()[0]["object"]["identity"],
                             "public.users.phone")
            file.write_text(text)
            driftd.wait_for("in_sync", SOON)

    def test_a_migration_that_is_not_understood_is_unknown_until_it_is(self):
        app = new_app()
        app.add_revision("015", "014", 'op.execute(open("/etc/hostname").read())')
        app.sql("UPDATE alembic_version SET version_num = '015'")
        with Driftd(app=app) as driftd:
            wait_until(lambda: driftd.report().get("unknown"), "a first look")
            self.assertEqual(driftd.report()["unknown"]["reason"], "not_understood")
            app.add_revision("015", "014", 'op.execute("SELECT 1")')
            driftd.wait_for("in_sync", SOON)


class Waivers(unittest.TestCase):
    def test_silence_exactly_what_they_name_until_they_end(self):
        app = new_app()
        file = app.directory / "waivers.yaml"
        file.write_text("waivers: []\n")
        config = app.directory / "driftd.yaml"
        config.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - name: {app.name}
    database: {app.uri}
    migrations: {app.project}
    interval: 500ms
    waivers: {file}
""")

        def waive(until, drift="unexpected"):
            file.write_text(f"""\
waivers:
  - kind: column
    object: public.users.by_*
    drift: {drift}
    reason: an experiment of support
    by: ines
    until: {until}
""")

        with Driftd("--config.file", str(config)) as driftd:
            driftd.wait_for("in_sync")
            app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", SOON)
            waive("2999-12-31")
            driftd.wait_for("in_sync", SOON)
            self.assertEqual(driftd.value("driftd_waived_findings", datname=app.name), 1)
            self.assertEqual(driftd.value("driftd_drift_findings", datname=app.name), 0)
            self.assertIn("an experiment of support, says ines", driftd.get("/")[1])
            [waived] = driftd.report()["report"]["waived"]
            self.assertEqual(waived["waiver"]["by"], "ines")

            file.write_text("waivers: [\n")
            driftd.wait_for_looks(3)
            self.assertEqual(driftd.status(), "in_sync", "those before stand")
            self.assertIn("were not read again", driftd.get("/")[1])

            waive("2999-12-31", drift="missing")
            driftd.wait_for("drift", SOON)
            self.assertEqual(driftd.value("driftd_unused_waivers", datname=app.name), 1)
            waive("2020-01-01")
            wait_until(lambda: driftd.value("driftd_expired_waivers", datname=app.name) == 1,
                       "it has expired")
            self.assertEqual(driftd.status(), "drift")
            # The same finding of another drift is never silenced with it.
            waive("2999-12-31")
            driftd.wait_for("in_sync", SOON)
            app.sql("ALTER TABLE users DROP COLUMN display_name")
            driftd.wait_for("drift", SOON)
            self.assertEqual([f["object"]["identity"] for f in driftd.findings()],
                             ["public.users.display_name"])

    def test_of_check(self):
        app = new_app()
        app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        file = app.directory / "waivers.yaml"
        config = app.directory / "driftd.yaml"
        config.write_text(f"databases:\n  - database: {app.uri}\n    migrations: {app.project}\n"
                          f"    waivers: {file}\n")
        file.write_text("waivers:\n  - {kind: column, object: public.users.by_hand, "
                        "drift: unexpected, reason: r, by: b, until: 2999-01-01}\n")
        result = run_driftd("check", "--config.file", str(config), "--fail-on", "harmless")
        self.assertEqual(result.code, 0, result)
        self.assertIn("waived: column public.users.by_hand", result.out)
        file.write_text("waivers:\n  - {kind: column}\n")
        result = run_driftd("check", "--config.file", str(config))
        self.assertEqual(result.code, 1, result)
        self.assertIn("the waiver has no reason", result.out + result.err)


class SelfTest(unittest.TestCase):
    def test_plants_changes_and_finds_them(self):
        app = new_app()
        config = app.directory / "driftd.yaml"
        config.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - name: {app.name}
    database: {app.uri}
    migrations: {app.project}
    interval: 500ms
    self_test_interval: 200ms
""")
        with Driftd("--config.file", str(config)) as driftd, Sampler(driftd) as sampler:
            seen = set()

            def another():
                seen.add(driftd.value("driftd_selftest_timestamp_seconds", datname=app.name))
                return len(seen - {None}) >= 6

            wait_until(another, "six self-tests", 90)
            self.assertEqual(driftd.value("driftd_selftest_success", datname=app.name), 1)
            self.assertIs(driftd.report()["self_test"]["success"], True)
            self.assertIn("found what it planted", driftd.get("/")[1])
            driftd.wait_for("in_sync")
        self.assertNotIn("drift", sampler.statuses())
        wait_until(lambda: not driftd.traces.processes(), "no scratch server is left")


class Models(unittest.TestCase):
    """The comparison of the models with all migrations, beside that of the database."""

    def test_is_made_again_when_a_model_or_a_migration_changes(self):
        app = new_app()
        models = app.project / "app" / "models.py"
        text = models.read_text()

        def status(which):
            wait_until(lambda: driftd.value("driftd_status", datname=app.name, comparison="models",
                                            status=which) == 1,
                       lambda: f"the models are {which}: {driftd.report()['models']}")

        with Driftd("--models.path", str(models), app=app) as driftd:
            status("in_sync")
            driftd.wait_for("in_sync")
            models.write_text(text.replace("    id = Column",
                                           "    mobile = Column(String(20))\n    id = Column", 1))
            status("drift")
            self.assertEqual(driftd.report()["status"], "in_sync", "the database is another matter")
            [finding] = driftd.report()["models"]["report"]["findings"]
            self.assertEqual(finding["object"]["identity"], "public.users.mobile")
            self.assertEqual(finding["declared"]["revision"], "User.mobile")
            seen = finding["first_seen"]
            self.assertEqual(driftd.value("driftd_drift_findings", datname=app.name,
                                          comparison="models"), 1)
            self.assertEqual(driftd.value("driftd_drift_findings", datname=app.name,
                                          comparison="database"), 0)
            self.assertIn("is in the models and in no migration", driftd.get("/")[1])
            self.assertIn("comparison=models", driftd.log)

            models.write_text(models.read_text() + "\nclass Odd(Base):\n"
                              "    __tablename__ = make_name()\n")
            wait_until(lambda: driftd.value("driftd_models_unread_parts", datname=app.name) == 1,
                       "a part is not understood")
            self.assertEqual(driftd.report()["models"]["report"]["findings"][0]["first_seen"], seen)

            app.add_revision("015", "014", 'op.add_column("users", sa.Column("mobile", sa.String(20)))')
            status("unknown")
            self.assertEqual(driftd.report()["models"]["report"]["findings"], [])
            models.write_text(text.replace("    id = Column",
                                           "    mobile = Column(String(20))\n    id = Column", 1))
            status("in_sync")
            self.assertEqual(driftd.report()["report"]["history"]["pending"], ["015"])

    def test_that_cannot_be_read_are_unknown_and_hold_up_nothing(self):
        app = new_app()
        with Driftd("--models.command", "sleep 60", app=app) as driftd:
            driftd.wait_for("in_sync")
            app.sql("ALTER TABLE accounts ALTER COLUMN number DROP NOT NULL")
            driftd.wait_for("drift", SOON)
            self.assertEqual(driftd.value("driftd_status", datname=app.name, comparison="models",
                                          status="unknown"), 1)
            began = time.monotonic()
        self.assertLess(time.monotonic() - began, 10, "the command is interrupted")


class Settings(unittest.TestCase):
    def config(self, app, interval="500ms"):
        secret = app.directory / "password"
        secret.write_text(app.guest_password + "\n")
        secret.chmod(0o600)
        file = app.directory / "driftd.yaml"
        file.write_text(f"""\
web:
  listen: ["127.0.0.1:0"]
  enable_lifecycle: true
databases:
  - name: shop
    database: host=127.0.0.1 port={app.server.port} dbname={app.name} user={app.guest}
    password_file: {secret}
    migrations: {app.project}
    interval: {interval}
""")
        return file

    def test_a_bad_file_at_a_reload_changes_nothing(self):
        app = new_app()
        file = self.config(app)
        with Driftd("--config.file", str(file)) as driftd:
            driftd.wait_for("in_sync")
            port = driftd.port
            self.assertEqual(driftd.value("driftd_config_last_reload_successful"), 1)
            good = file.read_text()
            for bad in (good.replace("interval:", "intervall:"), good.replace("500ms", "5 apples"),
                        good + "  - nonsense", "", "databases: []"):
                file.write_text(bad)
                driftd.process.send_signal(signal.SIGHUP)
                wait_until(lambda: driftd.value("driftd_config_last_reload_successful") == 0,
                           f"the reload of {bad!r} fails", SOON)
                status, text = driftd.get("/-/reload", "POST")
                self.assertGreaterEqual(status, 400)
                self.assertRegex(text, r"driftd\.yaml:\d+:\d+: |driftd\.yaml names no database")
                driftd.wait_for_looks(2)
                self.assertEqual(driftd.status(), "in_sync")
                file.write_text(good)
                self.assertEqual(driftd.get("/-/reload", "POST")[0], 200)
                self.assertEqual(driftd.value("driftd_config_last_reload_successful"), 1)
            self.assertEqual(driftd._listening(), port)
            driftd.wait_for("in_sync")

    def test_a_good_file_at_a_reload_is_in_force(self):
        app, other = new_app(), new_app()
        other.sql("ALTER TABLE users DROP COLUMN phone")
        file = self.config(app)
        with Driftd("--config.file", str(file)) as driftd:
            driftd.wait_for("in_sync")
            file.write_text(self.config(other).read_text())
            driftd.process.send_signal(signal.SIGHUP)
            driftd.wait_for("drift")
            self.assertEqual(driftd.report()["name"], "shop")

    def test_a_bad_file_at_the_start_is_told_with_its_place(self):
        app = new_app()
        file = self.config(app)
        file.write_text(file.read_text().replace("interval:", "intervall:"))
        driftd = Driftd("--config.file", str(file))
        self.assertEqual(driftd.process.wait(30), 1)
        self.assertRegex(driftd.log, r"driftd\.yaml:\d+:\d+: .*intervall")
        self.assertRegex(driftd.log, r"interval\b")

    def test_a_password_is_read_at_each_connect(self):
        app = new_app()
        file = self.config(app)
        with Driftd("--config.file", str(file)) as driftd:
            driftd.wait_for("in_sync")
            app.server.sql("postgres", f"ALTER ROLE {app.guest} PASSWORD 'pw-rotated'")
            app.end_guest_sessions()
            driftd.wait_for("unknown", SOON)
            self.assertEqual(driftd.report()["unknown"]["reason"], "auth")
            (app.directory / "password").write_text("pw-rotated\n")
            driftd.wait_for("in_sync", SOON)
            self.assertNotIn("pw-rotated", driftd.log)


class Secrets(unittest.TestCase):
    def test_the_password_is_nowhere(self):
        app = new_app(server=Postgres())
        with Driftd("--log.level", "debug", app=app) as driftd:
            driftd.wait_for("in_sync")
            texts = []

            def gather():
                for path in ("/", f"/databases/{app.name}", "/metrics", "/api/v1/databases",
                             f"/api/v1/databases/{app.name}", "/-/healthy", "/-/ready", "/x"):
                    texts.append(driftd.get(path)[1])

            gather()
            app.sql("ALTER TABLE users DROP COLUMN phone")
            driftd.wait_for("drift")
            gather()
            app.server.sql("postgres", f"ALTER ROLE {app.guest} PASSWORD 'other'")
            app.end_guest_sessions()
            driftd.wait_for("unknown")
            gather()
            app.server.stop()
            driftd.wait_for_looks(2)
            gather()
            texts.append(driftd.log)
            self.assertTrue(driftd.log)
            for text in texts:
                self.assertNotIn(app.guest_password, text)


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = new_app()
        cls.app.sql('ALTER TABLE users ADD COLUMN "<script>alert(1)</script>" text')
        cls.driftd = Driftd(app=cls.app)
        cls.driftd.wait_for("drift")

    @classmethod
    def tearDownClass(cls):
        cls.driftd.stop()

    def test_health(self):
        for path in ("/-/healthy", "/-/ready", "/livez", "/readyz", "/healthz"):
            self.assertEqual(self.driftd.get(path)[0], 200, path)
        done = subprocess.run(
            [driftd_binary(), "healthcheck", "--url", f"127.0.0.1:{self.driftd.port}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_promtool_has_no_complaint(self):
        text = self.driftd.get("/metrics")[1]
        done = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_metrics_of_the_process_are_there(self):
        metrics = self.driftd.metrics()
        for name in ("process_resident_memory_bytes", "process_cpu_seconds_total",
                     "process_open_fds", "process_start_time_seconds", "driftd_build_info"):
            self.assertIn(name, metrics)

    def test_every_impact_and_kind_is_there_also_with_nothing_to_count(self):
        series = self.driftd.metrics()["driftd_drift_findings"]
        self.assertEqual({labels["impact"] for labels, _ in series},
                         {"harmless", "risky", "breaking"})
        self.assertGreater(len(series), 3)

    def test_the_page_escapes_what_others_named(self):
        for path in ("/", f"/databases/{self.app.name}"):
            status, page = self.driftd.get(path)
            self.assertEqual(status, 200)
            self.assertNotIn("<script>alert", page)
            self.assertIn("&lt;script&gt;", page)

    def test_json(self):
        told = self.driftd.report()
        self.assertEqual((told["name"], told["status"]), (self.app.name, "drift"))
        alone = json.loads(self.driftd.get(f"/api/v1/databases/{self.app.name}")[1])
        self.assertEqual(alone["report"]["findings"], told["report"]["findings"])

    def test_what_is_not_there(self):
        for path in ("/nothing", "/databases/nobody", "/api/v1/databases/nobody", "/api/v2"):
            self.assertEqual(self.driftd.get(path)[0], 404, path)
        self.assertEqual(self.driftd.get("/metrics", "DELETE")[0], 405)
        self.assertIn(self.driftd.get("/-/reload", "POST")[0], (403, 404, 405),
                      "off unless asked for")


if __name__ == "__main__":
    main()

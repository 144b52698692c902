"""A deployment in progress pages nobody, and hides nothing for longer than it may."""

import shutil
import threading
import time
import unittest

from harness import Driftd, Sql, main, new_app, value_of, status_of, wait_until


def settings_of(app, more: str = "", project=None) -> str:
    path = app.directory / f"driftd-{time.monotonic_ns()}.yaml"
    path.write_text(f"""
databases:
  - database: "{app.uri}"
    migrations: {project or app.project}
    interval: 200ms
    confirm_after: 100ms
    {more}
web:
  listen: ["127.0.0.1:0"]
""")
    return str(path)


class Seen:
    """What the metrics said at any moment, from now on."""

    def __init__(self, *driftds):
        self.states = [set() for _ in driftds]
        self.findings = 0
        self._end = threading.Event()

        def poll():
            while not self._end.is_set():
                for driftd, states in zip(driftds, self.states):
                    metrics = driftd.metrics()
                    states.add(status_of(metrics))
                    self.findings += value_of(metrics, "driftd_drift_findings") or 0
                time.sleep(0.05)

        self._thread = threading.Thread(target=poll, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()


class IndexBuild:
    """CREATE INDEX CONCURRENTLY, which a transaction of the app keeps from ending."""

    def __init__(self, app, name):
        self._holder = Sql(app.server, app.name, app.owner)
        self._holder.run("BEGIN; UPDATE users SET phone = phone;")
        self._builder = threading.Thread(target=app.sql, args=(
            f"CREATE INDEX CONCURRENTLY {name} ON users (phone)",))
        self._builder.start()
        wait_until(lambda: app.sql("SELECT count(*) FROM pg_class WHERE relname = "
                                   f"'{name}'") == "1", "the index is there, half built")

    def end(self):
        self._holder.run("COMMIT;")
        self._builder.join()
        with self._holder:
            pass


class Deployment(unittest.TestCase):
    def test_pods_of_the_old_and_the_new_release_page_nobody(self):
        app = new_app()
        fresh = app.directory / "new"
        shutil.copytree(app.project, fresh)
        (fresh / "migrations" / "versions" / "015.py").write_text(
            '"""index"""\nfrom alembic import op\n\nrevision = "015"\ndown_revision = "014"\n\n\n'
            "def upgrade():\n    with op.get_context().autocommit_block():\n"
            '        op.create_index("ix_users_phone", "users", ["phone"],\n'
            "                        postgresql_concurrently=True)\n\n\ndef downgrade():\n    pass\n")
        with Driftd("--config.file", settings_of(app)) as old, \
                Driftd("--config.file", settings_of(app, project=fresh)) as new:
            old.wait_for("in_sync")
            new.wait_for("in_sync")
            with Seen(old, new) as seen:
                build = IndexBuild(app, "ix_users_phone")
                for driftd in (old, new):
                    driftd.wait_for("unknown")
                    wait_until(lambda: driftd.value("driftd_deployment_in_progress") == 1, "told")
                    driftd.wait_for_looks(6)
                    [finding] = driftd.findings()
                    self.assertEqual(finding["state"], "seen")
                    self.assertGreater(finding["looks"], 2)
                    self.assertIn("builds an index", str(driftd.report()["deployment"]["signs"]))
                    self.assertIn("after the deployment", driftd.get("/")[1])
                build.end()
                app.sql("UPDATE alembic_version SET version_num = '015'")
                new.wait_for("in_sync")
                old.wait_for("unknown")
                wait_until(lambda: (old.report()["unknown"] or {}).get("reason") == "history",
                           "the old release knows no 015")
                self.assertEqual(old.value("driftd_deployment_in_progress"), 1)
                self.assertIn("015", str(old.report()["deployment"]["signs"]))
            self.assertEqual(seen.findings, 0)
            self.assertNotIn("drift", seen.states[0] | seen.states[1])
            self.assertIn("a deployment seems to be in progress", old.log)

    def test_nothing_hides_for_longer_than_the_grace(self):
        app = new_app()
        with Driftd("--config.file", settings_of(app, "deployment_grace: 3s")) as driftd:
            driftd.wait_for("in_sync")
            build = IndexBuild(app, "ix_by_hand")
            began = time.monotonic()
            driftd.wait_for("drift")
            self.assertGreater(time.monotonic() - began, 1.5)
            self.assertEqual(driftd.value("driftd_deployment_in_progress"), 0)
            build.end()

    def test_without_grace_nothing_waits(self):
        app = new_app()
        with Driftd("--config.file", settings_of(app, "deployment_grace: 0")) as driftd:
            driftd.wait_for("in_sync")
            build = IndexBuild(app, "ix_by_hand")
            driftd.wait_for("drift")
            self.assertEqual(driftd.value("driftd_deployment_in_progress"), 0)
            build.end()

    def test_a_declared_lock_is_a_migrator_and_its_end_the_end(self):
        app = new_app()
        with Driftd("--config.file", settings_of(app, "migration_locks: [4711]")) as driftd, \
                Sql(app.server, app.name, app.owner) as migrator, Seen(driftd) as seen:
            driftd.wait_for("in_sync")
            migrator.run("SELECT pg_advisory_lock(4711); ALTER TABLE users ADD COLUMN step int;")
            driftd.wait_for("unknown")
            driftd.wait_for_looks(5)
            self.assertIn("4711", str(driftd.report()["deployment"]["signs"]))
            self.assertEqual(seen.findings, 0)
            migrator.run("ALTER TABLE users DROP COLUMN step;")
            driftd.wait_for("in_sync")
            migrator.run("ALTER TABLE users ADD COLUMN forgotten int;")
            driftd.wait_for("unknown")
            driftd.wait_for_looks(3)
            self.assertEqual(seen.findings, 0)
            migrator.run("SELECT pg_advisory_unlock(4711);")
            driftd.wait_for("drift")

    def test_a_change_by_hand_waits_for_nobody(self):
        app = new_app()
        with Driftd("--config.file", settings_of(app)) as driftd, \
                Sql(app.server, app.name, app.owner) as job:
            job.run("SELECT pg_advisory_lock(99);")  # a lock of the app's own
            driftd.wait_for("in_sync")
            app.sql("ALTER TABLE users ADD COLUMN by_hand int")
            driftd.wait_for("drift", 15)


if __name__ == "__main__":
    main()

"""`migrations.command`: the real Alembic, or what misbehaves in its place, runs the migrations."""

import json
import signal
import time
import unittest

from harness import ALEMBIC, Driftd, driftd, main, new_app, wait_until


def settings_of(app, command, **more):
    """A settings file for an app, written as JSON, which is YAML too."""
    database = {"name": app.name, "database": app.uri, "interval": "500ms",
                "migrations": {"command": command, **more}}
    path = app.directory / "driftd.yaml"
    path.write_text(json.dumps({"databases": [database],
                                "web": {"listen": ["127.0.0.1:0"]}}))
    return path


def alembic(app, **more):
    return settings_of(app, [ALEMBIC, "upgrade", "{revision}"], directory=str(app.project), **more)


def check(settings, *arguments):
    return driftd("check", "--config.file", str(settings), *arguments)


class Command(unittest.TestCase):
    def test_the_real_alembic_says_what_is_expected(self):
        app = new_app()
        settings = alembic(app, path=str(app.project))
        self.assertEqual(check(settings).code, 0)
        app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        result = check(settings, "--format", "json")
        self.assertEqual(result.code, 2, result)
        [finding] = result.json()["report"]["findings"]
        self.assertEqual(finding["object"]["identity"], "public.users.by_hand")
        self.assertIsNone(finding["provenance"], "a command is not seen through")
        self.assertEqual(result.json()["report"]["history"]["tool"], "alembic")

    def test_what_is_not_understood_can_be_run(self):
        app = new_app()
        app.add_revision("015", "014", """
for (code,) in op.get_bind().execute(sa.text("SELECT code FROM brokers")):
    op.execute(f"CREATE TABLE broker_{code} ()")""")
        app.alembic("upgrade", "head")
        read = driftd("check", "--database", app.uri, "--migrations", str(app.project))
        self.assertEqual(read.code, 1, read)
        self.assertIn("migrations.command", read.out, "the error names the way out")
        self.assertEqual(check(alembic(app)).code, 0)

    def test_without_files_and_by_a_flag(self):
        app = new_app("010")
        result = driftd("check", "--database", app.uri, "--migrations.command",
                        f"cd {app.project} && {ALEMBIC} upgrade {{revision}}", "--format", "json")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.json()["report"]["history"]["tool"], "command")
        self.assertEqual(result.json()["report"]["history"]["pending"], [], "nobody can tell")

    def test_a_command_that_fails_is_1_with_the_end_of_its_output(self):
        app = new_app()
        settings = settings_of(app, ["/bin/sh", "-c", "echo so far so good; echo no such >&2; exit 7"])
        result = check(settings)
        self.assertEqual(result.code, 1, result)
        for words in ("cannot tell", "exit status 7", "so far so good", "no such", "DATABASE_URL"):
            self.assertIn(words, result.out)

    def test_a_command_that_hangs_is_killed(self):
        app = new_app()
        settings = settings_of(app, ["/bin/sh", "-c", "echo waiting; sleep 1000"],
                               command_timeout="1s")
        began = time.monotonic()
        result = check(settings)
        self.assertLess(time.monotonic() - began, 30)
        self.assertEqual(result.code, 1, result)
        self.assertIn("was killed after 1000 ms", result.out)

    def test_the_live_database_is_not_what_it_finds(self):
        app = new_app()
        app.sql("CREATE TABLE untouched ()")
        settings = settings_of(app, ["/bin/sh", "-c", 'psql -XqAtc "CREATE TABLE made ()"; env; exit 1'])
        result = check(settings)
        self.assertNotIn(app.guest_password, result.out)
        self.assertNotIn("made", app.sql("SELECT string_agg(relname, ' ') FROM pg_class"))


class Served(unittest.TestCase):
    def serve(self, settings):
        return Driftd("--config.file", str(settings))

    def test_runs_again_when_a_file_of_its_directory_changes_and_not_before(self):
        app = new_app()
        count = app.directory / "runs"
        settings = settings_of(
            app, ["/bin/sh", "-c", f"echo run >>{count}; {ALEMBIC} upgrade {{revision}}"],
            directory=str(app.project))
        with self.serve(settings) as served:
            served.wait_for("in_sync")
            served.wait_for_looks(4)
            self.assertEqual(count.read_text(), "run\n")
            app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            served.wait_for("drift")
            self.assertEqual(count.read_text(), "run\n", "the expected schema is still the same")
            app.add_revision("015", "014", 'op.add_column("users", sa.Column("by_hand", sa.Text()))')
            app.sql("ALTER TABLE users DROP COLUMN by_hand")
            app.alembic("upgrade", "head")
            served.wait_for("in_sync")
            self.assertIn("run\nrun\n", count.read_text())

    def test_ends_soon_and_leaves_nothing_while_the_command_runs(self):
        app = new_app()
        started = app.directory / "started"
        settings = settings_of(app, ["/bin/sh", "-c", f"echo $$ >{started}; sleep 1000"])
        with self.serve(settings) as served:
            wait_until(lambda: started.exists() and started.read_text().strip(), "the command runs")
            served.get("/metrics")
            began = time.monotonic()
            self.assertEqual(served.stop(bound=5.0), 0)
            self.assertLess(time.monotonic() - began, 5.0)
            wait_until(lambda: not served.traces.all(), lambda: f"left: {served.traces.all()}")

    def test_leaves_nothing_when_it_is_killed(self):
        app = new_app()
        started = app.directory / "started"
        settings = settings_of(app, ["/bin/sh", "-c", f"echo $$ >{started}; sleep 1000"])
        with self.serve(settings) as served:
            wait_until(lambda: started.exists() and started.read_text().strip(), "the command runs")
            served.process.send_signal(signal.SIGKILL)
            wait_until(lambda: not served.traces.processes(),
                       lambda: f"left: {served.traces.processes()}")


if __name__ == "__main__":
    main()

"""How driftd ends: asked to or killed, at any moment, it leaves nothing behind."""

import contextlib
import os
import pwd
import random
import signal
import socket
import subprocess
import time
import unittest

from harness import (Driftd, Postgres, Traces, driftd_binary, environment, main, new_app,
                     private_directory, wait_until)

BOUND = 5.0  # of the promise: Kubernetes gives 30 s, people give less


class Terminated(unittest.TestCase):
    def assert_ends_well(self, driftd, sign=signal.SIGTERM):
        began = time.monotonic()
        driftd.process.send_signal(sign)
        code = driftd.process.wait(60)
        self.assertLess(time.monotonic() - began, BOUND, driftd.log)
        self.assertEqual(code, 0, driftd.log)
        self.assertEqual(driftd.traces.all(), [], driftd.log)

    def test_at_random_moments_of_the_first_look(self):
        app = new_app()
        chance = random.Random(7)
        for delay in [0.0] + sorted(2.5 * chance.random() for _ in range(12)):
            with self.subTest(delay=round(delay, 3)):
                driftd = Driftd(app=app)
                driftd.wait_until_it_catches(signal.SIGTERM)
                time.sleep(delay)
                self.assert_ends_well(driftd)

    def test_as_soon_as_it_listens(self):
        app = new_app()
        for _ in range(3):
            driftd = Driftd(app=app)
            self.assertTrue(driftd.port)
            self.assert_ends_well(driftd)

    def test_during_a_replay(self):
        app = new_app()
        app.add_revision("015", "014", 'op.execute("SELECT pg_sleep(120)")')
        app.sql("UPDATE alembic_version SET version_num = '015'")
        for sign in (signal.SIGTERM, signal.SIGINT):
            driftd = Driftd(app=app)
            wait_until(lambda: any("SELECT" in line for _, line in driftd.traces.processes()),
                       lambda: f"the replay sleeps: {driftd.traces.processes()}\n{driftd.log}")
            self.assert_ends_well(driftd, sign)

    def test_when_idle(self):
        app = new_app()
        for interval in ("100ms", "1h"):
            driftd = Driftd(app=app, interval=interval)
            driftd.wait_for("in_sync")
            self.assert_ends_well(driftd)

    def test_with_a_finding(self):
        app = new_app()
        app.sql("ALTER TABLE users DROP COLUMN phone")
        for pause in (0.0, 0.2, 0.6):  # the replay that tells which migration it was
            driftd = Driftd(app=app)
            driftd.wait_for("drift")
            time.sleep(pause)
            self.assert_ends_well(driftd)

    def test_while_the_database_hangs(self):
        app = new_app(server=Postgres())
        for pause in (0.3, 2.0):
            driftd = Driftd(app=app, interval="100ms")
            driftd.wait_for("in_sync")
            with app.server.hung():
                time.sleep(pause)
                self.assert_ends_well(driftd)

    def test_while_the_database_is_away(self):
        app = new_app(server=Postgres())
        app.server.stop()
        driftd = Driftd(app=app, interval="100ms")
        wait_until(lambda: driftd.value("driftd_looks_total"), "a first look")
        self.assert_ends_well(driftd)

    def test_while_a_client_reads_slowly(self):
        driftd = Driftd(app=new_app())
        driftd.wait_for("in_sync")
        with socket.create_connection(("127.0.0.1", driftd.port)) as idle, \
                socket.create_connection(("127.0.0.1", driftd.port)) as half:
            half.sendall(b"GET /metrics HTT")
            self.assertTrue(idle)
            self.assert_ends_well(driftd)

    def test_of_a_check(self):
        app = new_app()
        app.add_revision("015", "014", 'op.execute("SELECT pg_sleep(120)")')
        app.sql("UPDATE alembic_version SET version_num = '015'")
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            tmp = private_directory("driftd-check-")
            tmp.chmod(0o1777)
            check = subprocess.Popen(
                [driftd_binary(), "check", "--database", app.uri, "--migrations",
                 str(app.project)], env=environment(tmp), stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            traces = Traces(tmp)
            wait_until(lambda: any("SELECT" in line for _, line in traces.processes()),
                       "the replay sleeps")
            check.send_signal(sign)
            self.assertNotIn(check.wait(BOUND), (0, 2))
            wait_until(lambda: not traces.all(), lambda: f"nothing is left: {traces.all()}", 10)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become somebody else")
    def test_as_an_unprivileged_user(self):
        user = pwd.getpwnam("nobody")
        directory = private_directory("driftd-serve-")
        driftd = Driftd(app=new_app(), directory=directory, user=user.pw_uid, group=user.pw_gid,
                        extra_groups=[])
        driftd.wait_for("in_sync")
        self.assert_ends_well(driftd)


class Killed(unittest.TestCase):
    def assert_cleaned(self, driftd, app):
        """At once by the keeper, or at the latest by the next start."""
        end = time.monotonic() + 10
        while driftd.traces.all() and time.monotonic() < end:
            time.sleep(0.05)
        left = driftd.traces.all()
        again = Driftd(app=app, directory=driftd.directory)
        again.wait_for("in_sync")
        self.assertEqual(again.stop(), 0, again.log)
        self.assertEqual(again.traces.all(), [], f"after the kill: {left}\n{again.log}")
        return left

    def test_at_random_moments_the_keeper_cleans(self):
        app = new_app()
        chance = random.Random(11)
        for delay in sorted(2.0 * chance.random() for _ in range(10)):
            with self.subTest(delay=round(delay, 3)):
                driftd = Driftd(app=app)
                time.sleep(delay)
                driftd.process.kill()
                driftd.process.wait()
                self.assertEqual(self.assert_cleaned(driftd, app), [], "without a next start")

    def test_together_with_its_keeper_the_next_start_cleans(self):
        app = new_app()
        for delay in (0.3, 0.8, 1.5, 3.0):
            with self.subTest(delay=delay):
                driftd = Driftd(app=app)
                time.sleep(delay)
                keepers = [pid for pid, command in driftd.traces.processes()
                           if "driftd-scratch-keeper" in command]
                for pid in [driftd.pid, *keepers]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                driftd.process.wait()
                self.assert_cleaned(driftd, app)

    def test_a_neighbour_is_left_alone(self):
        """Two daemons in one TMPDIR: the second one's clean-up knows that the first one lives."""
        app = new_app()
        app.add_revision("015", "014", 'op.execute("SELECT pg_sleep(6)")')
        app.sql("UPDATE alembic_version SET version_num = '015'")
        other = new_app()
        with Driftd(app=app) as first:
            wait_until(lambda: first.traces.files(), "the first one's directory")
            second = Driftd(app=other, directory=first.directory)
            second.wait_for("in_sync")
            self.assertEqual(second.stop(), 0)
            first.wait_for("in_sync")
            self.assertEqual(first.value("driftd_look_failures_total"), 0)


if __name__ == "__main__":
    main()

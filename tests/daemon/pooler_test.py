"""driftd through pgbouncer in transaction mode: another server session at each transaction."""

import pathlib
import subprocess
import unittest

from harness import (Driftd, Postgres, die_with_parent, free_port, main, new_app, private_directory,
                     stop_process, unprivileged, wait_until)


class Pooler:
    """One pool of few server sessions, which others use and leave settings in."""

    def __init__(self, server: Postgres, app, mode: str = "transaction"):
        self.directory = private_directory()
        self.port = free_port()
        users = self.directory / "users.txt"
        users.write_text(f'"{app.guest}" "{app.guest_password}"\n"{app.owner}" "{app.password}"\n')
        settings = self.directory / "pgbouncer.ini"
        settings.write_text(f"""
[databases]
* = host=127.0.0.1 port={server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = {mode}
default_pool_size = 2
""")
        with open(self.directory / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/pgbouncer", str(settings)], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.directory, preexec_fn=die_with_parent, **unprivileged())
        wait_until(self.listens, lambda: self.log, 10)

    @property
    def log(self) -> str:
        return pathlib.Path(self.directory / "log").read_text(errors="replace")

    def listens(self) -> bool:
        return "listening on 127.0.0.1" in self.log

    def __enter__(self):
        return self

    def __exit__(self, *_):
        stop_process(self.process)


class Transactions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def watch(self, app, pooler) -> Driftd:
        uri = self.server.uri(app.name, app.guest, app.guest_password, pooler.port)
        return Driftd("--database", uri, "--migrations", str(app.project), "--interval", "300ms")

    def test_drift_is_found_and_resolved(self):
        app = new_app(server=self.server)
        with Pooler(self.server, app) as pooler, self.watch(app, pooler) as driftd:
            driftd.wait_for("in_sync")
            for _ in range(3):
                app.sql("ALTER TABLE users ADD COLUMN by_hand text")
                driftd.wait_for("drift", 15)
                app.sql("ALTER TABLE users DROP COLUMN by_hand")
                driftd.wait_for("in_sync", 15)
            self.assertEqual(driftd.value("driftd_look_failures_total") or 0, 0, driftd.log)

    def test_no_server_session_is_held_nor_changed_between_looks(self):
        app = new_app(server=self.server)
        with Pooler(self.server, app) as pooler, self.watch(app, pooler) as driftd:
            driftd.wait_for("in_sync")
            driftd.wait_for_looks(5)
            rows = self.server.sql(
                "postgres", "SELECT DISTINCT state, xact_start FROM pg_stat_activity WHERE "
                            f"usename = '{app.guest}'")
            wait_until(lambda: rows == "idle|", lambda: rows, 10)
            uri = self.server.uri(app.name, app.guest, app.guest_password, pooler.port)
            for _ in range(3):
                shown = subprocess.run(
                    ["psql", "-XqAt", uri, "-c", "SHOW search_path", "-c", "SHOW DateStyle"],
                    check=True, stdout=subprocess.PIPE, text=True).stdout
                self.assertEqual(shown.split("\n")[:2], ['"$user", public', "ISO, MDY"])

    def test_a_server_that_restarts_behind_it(self):
        app = new_app(server=self.server)
        with Pooler(self.server, app) as pooler, self.watch(app, pooler) as driftd:
            driftd.wait_for("in_sync")
            self.server.stop()
            driftd.wait_for("unknown", 30)
            app.server.start()
            app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", 60)

    def test_a_pooler_that_is_replaced(self):
        app = new_app(server=self.server)
        with Pooler(self.server, app) as pooler, self.watch(app, pooler) as driftd:
            driftd.wait_for("in_sync")
            stop_process(pooler.process)
            driftd.wait_for("unknown", 15)


if __name__ == "__main__":
    main()

"""LISTEN to the DDL log: a change is found when it is committed, not when the interval is over."""

import time
import unittest

from ddl_log import install
from harness import (Driftd, Postgres, Sampler, Sql, driftd as run_driftd, main, new_app,
                     wait_until)
from pooler_test import Pooler

# Looks come once a minute: what is seen within half of that was not found by one of those.
INTERVAL = 60.0
SOON = 20.0


class Listening(unittest.TestCase):
    def setUp(self):
        self.app = new_app()

    def serve(self, more="", uri="") -> Driftd:
        config = self.app.directory / "driftd.yaml"
        config.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - name: shop
    database: {uri or self.app.uri}
    migrations: {self.app.project}
    interval: {INTERVAL:g}s
    jitter: 0
    ddl_log: {{listen: true{more}}}
""")
        return Driftd("--config.file", str(config))

    def listeners(self) -> list:
        return self.app.server.sql(
            self.app.name, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
                           "query LIKE 'LISTEN%' OR query LIKE '%virtualxid%' AND pid <> "
                           "pg_backend_pid()").split()

    def wait_until_it_listens(self, driftd):
        wait_until(lambda: "listening to the DDL log" in driftd.log or self.listeners(),
                   lambda: driftd.log, SOON)

    def test_a_change_is_confirmed_at_once(self):
        install(self.app, "--role", self.app.guest)
        took = []
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            for number in range(5):
                with Sampler(driftd) as sampler:
                    self.app.sql(f"ALTER TABLE users ADD COLUMN by_hand_{number} text")
                    committed = time.monotonic()
                    driftd.wait_for("drift", SOON)
                took.append(next(at for at, status, _ in sampler.samples if status == "drift") -
                            committed)
                # While the replay runs that tells which migration said so.
                repaired = time.monotonic()
                self.app.sql(f"ALTER TABLE users DROP COLUMN by_hand_{number}")
                driftd.wait_for("in_sync", SOON)
                took.append(time.monotonic() - repaired)
            self.assertEqual(driftd.value("driftd_ddl_log_listening", datname="shop"), 1)
        print(f"from commit to confirmed on /metrics: "
              f"{', '.join(f'{1000 * t:.0f} ms' for t in sorted(took))}")
        self.assertLess(max(took), SOON)

    def test_a_transaction_that_is_rolled_back_wakes_nobody(self):
        install(self.app, "--role", self.app.guest)
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            looks = driftd.value("driftd_looks_total")
            self.app.sql("BEGIN; CREATE TABLE by_hand (a integer); ROLLBACK; "
                         "CREATE TEMP TABLE t (a integer)")
            time.sleep(2)
            self.assertEqual(driftd.value("driftd_looks_total"), looks)

    def test_many_changes_are_few_looks(self):
        install(self.app, "--role", self.app.guest)
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            looks = driftd.value("driftd_looks_total")
            began = time.monotonic()
            self.app.sql("\n".join(f"CREATE TABLE many_{i} (a integer);" for i in range(200)))
            seconds = time.monotonic() - began
            wait_until(lambda: len(driftd.findings()) == 200, lambda: driftd.log, SOON)
            made = driftd.value("driftd_looks_total") - looks
            print(f"200 commits in {seconds:.1f} s: {made:.0f} looks")
            self.assertLess(made, 10 + 3 * seconds)

    def test_whoever_is_in_a_transaction_is_given_the_usual_time(self):
        install(self.app, "--role", self.app.guest)
        with self.serve() as driftd, Sql(self.app.server, self.app.name) as session:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            # A migration of several transactions: its first is committed, and it goes on.
            began = time.monotonic()
            session.run("CREATE TABLE by_hand (a integer);\nBEGIN;\nSELECT 1;")
            driftd.wait_for("drift", SOON)
            self.assertGreater(time.monotonic() - began, 1.9)  # a second for it, another to confirm
            session.run("ROLLBACK;")

    def test_a_connection_that_breaks_is_made_again(self):
        install(self.app, "--role", self.app.guest)
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            for number in range(2):
                self.app.end_guest_sessions()
                # While nobody listens: found when the connection is there again.
                self.app.sql(f"ALTER TABLE users ADD COLUMN by_hand_{number} text")
                wait_until(lambda: len(driftd.findings()) == number + 1, lambda: driftd.log, SOON)
            self.app.sql("ALTER TABLE users DROP COLUMN by_hand_0, DROP COLUMN by_hand_1")
            driftd.wait_for("in_sync", SOON)

    def test_stop_waits_for_nobody(self):
        install(self.app, "--role", self.app.guest)
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            began = time.monotonic()
            self.assertEqual(driftd.stop(), 0)
            self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.listeners(), [])

    def test_a_server_that_hangs_stops_no_stop(self):
        server = Postgres()
        self.app = new_app(server=server)
        install(self.app, "--role", self.app.guest)
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            with server.hung():
                self.assertEqual(driftd.stop(), 0)
        server.stop()

    def test_without_the_log_nothing_is_heard_and_nothing_is_wrong(self):
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.wait_until_it_listens(driftd)
            looks = driftd.value("driftd_looks_total")
            self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            time.sleep(2)
            self.assertEqual(driftd.value("driftd_looks_total"), looks)
            self.assertIn("has nobody to hear", driftd.report()["report"]["notes"][0])


class NotListening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def serve(self, app, uri, more="") -> Driftd:
        config = app.directory / "driftd.yaml"
        config.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - name: shop
    database: {uri}
    migrations: {app.project}
    interval: 500ms
    ddl_log: {{listen: true{more}}}
""")
        return Driftd("--config.file", str(config))

    def test_through_a_pooler_it_says_so_and_goes_on_looking(self):
        app = new_app(server=self.server)
        install(app, "--role", app.guest)
        with Pooler(self.server, app) as pooler:
            uri = self.server.uri(app.name, app.guest, app.guest_password, pooler.port)
            with self.serve(app, uri) as driftd:
                driftd.wait_for("in_sync")
                wait_until(lambda: "goes through a pooler" in driftd.log, lambda: driftd.log, SOON)
                self.assertEqual(driftd.value("driftd_ddl_log_listening"), 0)
                self.assertIn("goes through a pooler", driftd.report()["listening_problem"])
                self.assertIn("goes through a pooler", driftd.get("/")[1])
                app.sql("ALTER TABLE users ADD COLUMN by_hand text")
                driftd.wait_for("drift", SOON)
            listening = self.server.sql("postgres", "SELECT count(*) FROM pg_stat_activity WHERE "
                                                    "query LIKE 'LISTEN%'")
            self.assertEqual(listening, "0")

    def test_a_direct_connection_beside_the_pooler(self):
        app = new_app(server=self.server)
        install(app, "--role", app.guest)
        self.server.sql("postgres", f"ALTER ROLE {app.guest} CONNECTION LIMIT 5")
        with Pooler(self.server, app) as pooler:
            uri = self.server.uri(app.name, app.guest, app.guest_password, pooler.port)
            with self.serve(app, uri, f", database: {app.uri}") as driftd:
                driftd.wait_for("in_sync")
                wait_until(lambda: driftd.value("driftd_ddl_log_listening") == 1,
                           lambda: driftd.log, SOON)
                printed = run_driftd("print-config", "--config.file",
                                     str(app.directory / "driftd.yaml")).out
                self.assertNotIn(app.guest_password, printed)

    def test_check_listens_to_nobody(self):
        app = new_app(server=self.server)
        install(app, "--role", app.guest)
        config = app.directory / "driftd.yaml"
        config.write_text(f"databases: [{{database: \"{app.uri}\", migrations: {app.project}, "
                          "ddl_log: {listen: true}}]\n")
        self.assertEqual(run_driftd("check", "--config.file", str(config)).code, 0)


if __name__ == "__main__":
    main()

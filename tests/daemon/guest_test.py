"""driftd is a guest: it changes nothing, keeps nothing, and makes nobody wait."""

import threading
import time
import unittest

from harness import Driftd, Postgres, Sampler, Sql, main, new_app, wait_until


def sessions_of(app) -> list:
    """(pid, state, what of xmin and transaction it holds)"""
    rows = app.server.sql(
        "postgres", "SELECT pid, state, backend_xmin, xact_start FROM pg_stat_activity "
                    f"WHERE usename = '{app.guest}'")
    return [tuple(row.split("|")) for row in rows.splitlines()]


class Unchanged(unittest.TestCase):
    def test_nothing_in_the_live_database(self):
        app = new_app(server=Postgres())
        server = app.server
        before = server.dump(app.name)
        xmax = "SELECT pg_snapshot_xmax(pg_current_snapshot()), sum(n_tup_ins + n_tup_upd + " \
               "n_tup_del) FROM pg_stat_all_tables"
        transactions = server.sql(app.name, xmax)
        with Driftd(app=app, interval="100ms") as driftd:
            driftd.wait_for("in_sync")
            driftd.wait_for_looks(10)
            sessions = wait_until(
                lambda: int(server.sql("postgres", "SELECT count(*) FROM pg_stat_activity "
                                                   f"WHERE usename = '{app.guest}'")) <= 1,
                "one session at most")
            self.assertTrue(sessions)
        self.assertEqual(server.sql(app.name, xmax), transactions, "no transaction wrote")
        self.assertEqual(server.dump(app.name), before)
        wait_until(lambda: server.sql("postgres", "SELECT count(*) FROM pg_stat_activity WHERE "
                                                  f"usename = '{app.guest}'") == "0",
                   "no session is left", 5)

    def test_between_looks_no_transaction_is_open(self):
        app = new_app()
        with Driftd(app=app, interval="60s") as driftd:
            driftd.wait_for("in_sync")
            wait_until(lambda: app.server.sql(
                "postgres", "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL "
                            f"AND usename = '{app.guest}'") == "0", "nothing is open", 5)

    def test_one_connection_is_kept_and_holds_nothing(self):
        app = new_app()
        with Driftd(app=app, interval="200ms") as driftd:
            driftd.wait_for("in_sync")
            [(pid, *_)] = sessions = sessions_of(app)
            for _ in range(10):
                driftd.wait_for_looks(1)
                app.sql("ALTER TABLE users ALTER COLUMN phone SET STATISTICS 7;"
                        "ALTER TABLE users ALTER COLUMN phone SET STATISTICS -1")
            wait_until(lambda: sessions_of(app) == sessions, lambda: sessions_of(app), 10)
            self.assertEqual(app.server.sql(
                app.name, f"SELECT count(*) FROM pg_locks WHERE pid = {pid}"), "0")

    def test_no_connection_is_kept_where_none_may_be(self):
        app = new_app()
        settings = app.directory / "driftd.yaml"
        for keep, interval in (("false", "200ms"), ("true", "90s")):
            with self.subTest(keep=keep, interval=interval):
                settings.write_text(f"""
databases:
  - database: "{app.uri}"
    migrations: {app.project}
    interval: {interval}
    keep_connection: {keep}
web:
  listen: ["127.0.0.1:0"]
""")
                with Driftd("--config.file", str(settings)) as driftd:
                    driftd.wait_for("in_sync")
                    wait_until(lambda: not sessions_of(app), "there is none", 10, 0.01)

    def test_the_replay_does_not_keep_the_live_snapshot(self):
        app = new_app()
        app.add_revision("015", "014", 'op.execute("SELECT pg_sleep(4)")')
        app.sql("UPDATE alembic_version SET version_num = '015'")
        with Driftd(app=app) as driftd:
            wait_until(lambda: any("pg_sleep" in line or "SELECT" in line
                                   for _, line in driftd.traces.processes()), "the replay")
            for _ in range(10):
                self.assertEqual([held for _, *held in sessions_of(app)], [["idle", "", ""]])
                time.sleep(0.1)
            driftd.wait_for("in_sync")


class Busy(unittest.TestCase):
    def test_an_app_that_only_writes_rows_costs_no_look_at_the_catalogues(self):
        app = new_app()
        app.sql("CREATE TABLE scribble (a int)")
        end = threading.Event()

        def write():
            with Sql(app.server, app.name, app.owner) as session:
                while not end.is_set():
                    session.run("INSERT INTO scribble VALUES (1);")
                    time.sleep(0.01)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            with Driftd(app=app, interval="200ms") as driftd:
                driftd.wait_for("drift")
                # The tables that were just made were reported just now.
                time.sleep(16)
                driftd.wait_for_looks(2)
                before = driftd.value("driftd_fingerprints_total")
                driftd.wait_for_looks(20)
                self.assertLessEqual(driftd.value("driftd_fingerprints_total") - before, 1)
                app.sql("DROP TABLE scribble; CREATE TABLE scribble (a int, b int)")
                app.sql("ALTER TABLE users ADD COLUMN late int")
                wait_until(lambda: any("late" in f["object"]["identity"] and
                                       f["state"] == "confirmed" for f in driftd.findings()),
                           "the change is found", 10)
        finally:
            end.set()
            writer.join()


class Watch:
    """Samples who waits for a lock, and how long a bystander's SELECT takes."""

    def __init__(self, app, select):
        self.waiting, self.slowest, self.selects = [], 0.0, 0
        self._end = threading.Event()

        def locks():
            with Sql(app.server, app.name) as session:
                while not self._end.is_set():
                    found = session.run(
                        "SELECT a.usename, l.mode, l.relation::regclass FROM pg_locks l JOIN "
                        f"pg_stat_activity a USING (pid) WHERE a.usename = '{app.guest}' AND NOT "
                        "l.granted")
                    if found:
                        self.waiting.append(found)
                    time.sleep(0.005)

        def bystander():
            with Sql(app.server, app.name, app.owner) as session:
                while not self._end.is_set():
                    began = time.monotonic()
                    session.run(select)
                    self.slowest = max(self.slowest, time.monotonic() - began)
                    self.selects += 1
                    time.sleep(0.005)

        self._threads = [threading.Thread(target=f) for f in (locks, bystander)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()


class Locks(unittest.TestCase):
    def test_a_held_ddl_lock_is_not_waited_for(self):
        app = new_app()
        with Driftd(app=app, interval="200ms") as driftd:
            driftd.wait_for("in_sync")
            with Sql(app.server, app.name, app.owner) as ddl, \
                    Watch(app, "SELECT count(*) FROM brokers") as watch:
                ddl.run("BEGIN; ALTER TABLE transactions ADD COLUMN x int;")
                driftd.wait_for_looks(5)
                self.assertEqual(driftd.status(), "in_sync", "nothing is committed")
                ddl.run("ROLLBACK;")
            driftd.wait_for_looks(2)
            self.assertEqual(driftd.status(), "in_sync")
            self.assertEqual(watch.waiting, [])
            self.assertLess(watch.slowest, 1.0)

    def test_a_look_that_is_needed_is_put_off_and_then_unknown(self):
        app = new_app()
        with Driftd(app=app, interval="200ms") as driftd:
            driftd.wait_for("in_sync")
            with Sql(app.server, app.name, app.owner) as ddl, \
                    Watch(app, "SELECT count(*) FROM brokers") as watch, \
                    Sampler(driftd, 0.1) as sampler:
                ddl.run("BEGIN; ALTER TABLE transactions ADD COLUMN x int;")
                app.sql("COMMENT ON TABLE brokers IS 'by hand'")  # now it has to read in full
                began = time.monotonic()
                wait_until(lambda: driftd.value("driftd_looks_skipped_total",
                                                reason="ddl_in_progress"), "a look is put off")
                self.assertEqual(driftd.status(), "in_sync", "the state stays")
                driftd.wait_for("unknown", 45)
                self.assertGreater(time.monotonic() - began, 25)
                self.assertEqual(driftd.report()["unknown"]["reason"], "ddl_in_progress")
                self.assertIn("transactions", driftd.report()["unknown"]["message"])
                ddl.run("ROLLBACK;")
                driftd.wait_for("drift", 15)
            self.assertEqual(watch.waiting, [])
            self.assertGreater(watch.selects, 100)
            self.assertLess(watch.slowest, 1.0)
            self.assertEqual(sampler.statuses()[:2], ["in_sync", "unknown"])

    def test_ddl_and_those_behind_it_do_not_wait_for_driftd(self):
        """A view's definition is read with a lock on its tables: DDL that comes meanwhile, and
        every reader that queues behind that DDL, must not notice."""
        app = new_app()
        with Driftd(app=app, interval="100ms") as driftd:
            driftd.wait_for("in_sync")
            reads = driftd.value("driftd_full_reads_total")
            slowest = 0.0
            with Sql(app.server, app.name, app.owner) as ddl, \
                    Watch(app, "SELECT count(*) FROM transactions") as watch:
                for number in range(150):
                    began = time.monotonic()
                    ddl.run(f"ALTER TABLE transactions ALTER COLUMN note SET STATISTICS {number};")
                    slowest = max(slowest, time.monotonic() - began)
                    time.sleep(0.02)
            wait_until(lambda: driftd.value("driftd_full_reads_total") > reads, "full reads")
            self.assertLess(slowest, 1.0)
            self.assertLess(watch.slowest, 1.0)


if __name__ == "__main__":
    main()

"""`driftd serve` with hundreds of databases in one process."""

import re
import socket
import time
import unittest

from harness import (Driftd, Postgres, list_proc, main, new_app, private_directory, read_proc,
                     wait_until)

COUNT = 200
INTERVAL = 3.0
WORKERS = 4
KEPT = 20  # connections that stay open on one server


def memory_kb(pid: int) -> int:
    return int(re.search(rb"VmRSS:\s+(\d+)", read_proc(pid, "status"))[1])


def cpu_seconds(pid: int) -> float:
    fields = read_proc(pid, "stat").rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


class Silent:
    """A server that takes connections and never says a word."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(64)

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]

    def close(self):
        self.socket.close()


class Many(unittest.TestCase):
    """Databases of one history on one server, which has the connections that any server has."""

    @classmethod
    def setUpClass(cls):
        began = time.monotonic()
        cls.server = Postgres(max_connections="100")
        cls.app = new_app(server=cls.server)
        cls.server.sql("postgres", f"ALTER ROLE {cls.app.guest} CONNECTION LIMIT -1")
        cls.names = [f"tenant_{number:03}" for number in range(COUNT)]
        cls.server.sql("postgres", "\n".join(
            f"CREATE DATABASE {name} TEMPLATE {cls.app.name} OWNER {cls.app.owner};"
            for name in cls.names))
        print(f"{COUNT} databases made in {time.monotonic() - began:.1f} s", flush=True)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def uri(self, name: str, port: int = 0) -> str:
        return self.server.uri(name, self.app.guest, self.app.guest_password, port)

    def start(self, databases: dict, interval: float = INTERVAL, more: str = "",
              defaults: str = "") -> Driftd:
        """Databases by name, each with its URI."""
        folder = private_directory()
        settings = folder / "driftd.yaml"
        settings.write_text(
            f"workers: {WORKERS}\n{more}web: {{listen: ['127.0.0.1:0']}}\n"
            f"defaults: {{migrations: {self.app.project}, interval: {interval:g}s"
            f"{defaults}}}\n"
            "databases:\n" + "".join(f"  - {{name: {name}, database: '{uri}'}}\n"
                                     for name, uri in databases.items()))
        return Driftd(f"--config.file={settings}")

    def looks(self, metrics: dict) -> dict:
        return {labels["datname"]: value for labels, value in metrics["driftd_looks_total"]}

    def statuses(self, metrics: dict) -> dict:
        return {labels["datname"]: labels["status"] for labels, value in metrics.get("driftd_status", [])
                if value == 1}

    def wait_for_all(self, driftd: Driftd, names, status: str, bound: float = 120.0):
        def apart():
            now = self.statuses(driftd.metrics())
            return {name: now.get(name) for name in names if now.get(name) != status}
        wait_until(lambda: not apart(), lambda: f"{status}; not so: {apart()}\n{driftd.log[-3000:]}",
                   bound, 0.2)

    def connections(self) -> int:
        return int(self.server.sql("postgres", "SELECT count(*) FROM pg_stat_activity "
                                   f"WHERE usename = '{self.app.guest}'"))

    def test_one_self_test_is_that_of_all_which_expect_the_same(self):
        names = self.names[:40]
        with self.start({name: self.uri(name) for name in names},
                        defaults=", self_test_interval: 10m") as driftd:
            self.wait_for_all(driftd, names, "in_sync")

            def times():
                return [value for _, value in
                        driftd.metrics().get("driftd_selftest_timestamp_seconds", [])]
            wait_until(lambda: len(times()) == len(names), lambda: f"all are tested: {times()}", 60)
            self.assertEqual(len(set(times())), 1, times())
            self.assertEqual(driftd.value("driftd_selftest_success"), len(names))

    def test_all_are_looked_at_by_a_few_threads_and_one_change_is_one_finding(self):
        began = time.monotonic()
        with self.start({name: self.uri(name) for name in self.names}) as driftd:
            self.wait_for_all(driftd, self.names, "in_sync")
            first = time.monotonic() - began
            time.sleep(2 * INTERVAL)

            before, cpu, at = driftd.metrics(), cpu_seconds(driftd.pid), time.monotonic()
            most_connections = 0
            while time.monotonic() - at < 4 * INTERVAL:
                most_connections = max(most_connections, self.connections())
                time.sleep(0.1)
            after, passed = driftd.metrics(), time.monotonic() - at
            cpu = (cpu_seconds(driftd.pid) - cpu) / passed
            looked = {name: value - self.looks(before)[name]
                      for name, value in self.looks(after).items()}
            self.assertGreaterEqual(min(looked.values()), 2, looked)
            self.assertEqual(driftd.value("driftd_full_reads_total"), COUNT)
            self.assertEqual(driftd.value("driftd_look_failures_total"), 0)
            late = max(value for _, value in after["driftd_last_look_delay_seconds"])

            threads, memory = len(list_proc(driftd.pid, "task")), memory_kb(driftd.pid)
            print(f"{COUNT} databases: all looked at after {first:.1f} s; {threads} threads, "
                  f"{memory / 1024:.0f} MB, {cpu * 100:.1f} % of a core, {most_connections} "
                  f"connections at most, latest look {late * 1000:.0f} ms late", flush=True)
            self.assertLess(threads, WORKERS + 8)
            self.assertLess(memory, 150 * 1024)
            self.assertLessEqual(most_connections, KEPT + WORKERS)

            self.server.sql("tenant_117", "ALTER TABLE users ADD COLUMN by_hand text",
                            self.app.owner)
            self.wait_for_all(driftd, ["tenant_117"], "drift", 10 * INTERVAL)
            found = driftd.metrics()["driftd_finding_info"]
            self.assertEqual([(labels["datname"], labels["object"]) for labels, _ in found],
                             [("tenant_117", "public.users.by_hand")])
            self.server.sql("tenant_117", "ALTER TABLE users DROP COLUMN by_hand", self.app.owner)
            self.wait_for_all(driftd, self.names, "in_sync", 10 * INTERVAL)

            began = time.monotonic()
            self.assertEqual(driftd.stop(), 0)
            self.assertLess(time.monotonic() - began, 5)
            self.assertEqual(driftd.traces.all(), [])

    def test_one_server_that_says_nothing_holds_up_nobody(self):
        silent = Silent()
        self.addCleanup(silent.close)
        names = self.names[:40]
        dead = [f"dead_{number}" for number in range(10)]
        databases = {name: self.uri(name) for name in names}
        databases.update({name: self.uri(name, silent.port) for name in dead})
        with self.start(databases, interval=1) as driftd:
            self.wait_for_all(driftd, names, "in_sync")
            wait_until(lambda: all(self.looks(driftd.metrics()).get(name, 0) > 0 for name in dead),
                       "all dead ones were looked at", pause=0.2)
            before, at, latest = driftd.metrics(), time.monotonic(), 0.0
            while time.monotonic() - at < 12:
                metrics = driftd.metrics()
                latest = max([latest, *(value for labels, value in
                                        metrics["driftd_last_look_delay_seconds"]
                                        if labels["datname"] in names)])
                time.sleep(0.2)
            passed, before = time.monotonic() - at, self.looks(before)
            looked = {name: self.looks(driftd.metrics())[name] - before[name] for name in names}
            print(f"10 of 50 databases say nothing: the others have {min(looked.values()):g} looks "
                  f"in {passed:.0f} s, the latest {latest * 1000:.0f} ms late", flush=True)
            self.assertGreaterEqual(min(looked.values()), passed / 1.1 / 2, looked)
            self.assertLess(latest, 3)
            statuses = self.statuses(driftd.metrics())
            self.assertEqual({statuses[name] for name in names}, {"in_sync"})
            self.assertEqual(driftd.get("/-/healthy")[0], 200)
            self.assertEqual({statuses[name] for name in dead}, {"unknown"})
            began = time.monotonic()
            self.assertEqual(driftd.stop(), 0)
            self.assertLess(time.monotonic() - began, 5)


class Replays(unittest.TestCase):
    def test_one_that_takes_long_holds_up_no_look_of_others(self):
        server = Postgres()
        self.addCleanup(server.stop)
        quick, slow = new_app(server=server), new_app(server=server)
        slow.add_revision("015", "014", 'op.execute("SELECT pg_sleep(8)")')
        slow.sql("UPDATE alembic_version SET version_num = '015'")
        more = [f"{slow.name}_{number}" for number in range(6)]
        for name in more:
            server.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {slow.name}")
        settings = private_directory() / "driftd.yaml"
        lines = [f"  - {{name: {quick.name}, database: '{quick.uri}', "
                 f"migrations: {quick.project}}}\n"]
        for name in [slow.name, *more]:
            uri = server.uri(name, slow.owner, slow.password)
            lines.append(f"  - {{name: {name}, database: '{uri}', migrations: {slow.project}}}\n")
        settings.write_text("web: {listen: ['127.0.0.1:0']}\ndefaults: {interval: 500ms}\n"
                            "databases:\n" + "".join(lines))
        with Driftd(f"--config.file={settings}") as driftd:
            # Both directions: its own replay first, or after the one that takes long.
            def status(name):
                return [labels["status"] for labels, value in
                        driftd.metrics().get("driftd_status", [])
                        if labels["datname"] == name and value == 1]
            wait_until(lambda: status(quick.name) == ["in_sync"], "the quick one is looked at")
            if status(slow.name) != ["in_sync"]:
                looks = driftd.value("driftd_looks_total", datname=quick.name)
                wait_until(lambda: driftd.value("driftd_looks_total",
                                                datname=quick.name) >= looks + 4,
                           "looks go on beside the replay", 6)
            wait_until(lambda: all(status(name) == ["in_sync"] for name in [slow.name, *more]),
                       "the slow ones are looked at", 40)
            self.assertEqual(driftd.value("driftd_look_failures_total"), 0)


if __name__ == "__main__":
    main()

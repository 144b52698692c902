#!/usr/bin/python3
"""An hour of what production does to driftd, in compressed time: interval 1 s.

    DRIFTD=build/release/driftd tests/bench/soak.py [--minutes 60] [--seed 1]

Random changes by hand, writers, locks, index builds, migrations by the real Alembic, restarts,
crashes and hangs of the server, revoked rights, reloads; in the first third also SIGKILL and SIGTERM
of driftd. A poller reads /metrics four times a second all the while. Exits with 1 if there was

  a false finding    confirmed, and not what was changed at that moment
  a missed one       not confirmed within 30 s although driftd could look
  a false green      "in sync" while a confirmed change is there, or while the server is away
  a leak             descriptors, threads or memory that grew over the last two thirds
  an orphan          a process, socket or file that a driftd left behind
"""

import argparse
import collections
import pathlib
import random
import signal
import statistics
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "daemon"))

from harness import Driftd, Postgres, Sql, list_proc, new_app, read_proc, status_of  # noqa: E402

FOUND_WITHIN = 30.0  # s; what is not found by then counts as missed
SETTLE = 20.0        # s for which a repaired object may still be shown

# (what to do, what to do against it, a part of the names of the objects that differ)
CHANGES = [
    ("ALTER TABLE users ADD COLUMN by_hand int", "ALTER TABLE users DROP COLUMN by_hand", "users"),
    ("ALTER TABLE users ALTER phone TYPE varchar(64)",
     "ALTER TABLE users ALTER phone TYPE varchar(32)", "users.phone"),
    ("ALTER TABLE users ALTER active DROP DEFAULT", "ALTER TABLE users ALTER active SET DEFAULT true",
     "users.active"),
    ("CREATE TABLE left_behind (id int PRIMARY KEY)", "DROP TABLE left_behind", "left_behind"),
    ("CREATE INDEX by_hand ON users (created_at)", "DROP INDEX by_hand", "by_hand"),
    ("CREATE FUNCTION by_hand() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION by_hand()",
     "by_hand"),
    ("CREATE VIEW by_hand AS SELECT id FROM users", "DROP VIEW by_hand", "by_hand"),
    ("ALTER TABLE users RENAME COLUMN phone TO telephone",
     "ALTER TABLE users RENAME COLUMN telephone TO phone", "users"),
    ("COMMENT ON TABLE users IS 'by hand'", "COMMENT ON TABLE users IS 'People who can log in'", "users"),
    ("CREATE SCHEMA by_hand", "DROP SCHEMA by_hand", "by_hand"),
    ("CREATE SEQUENCE by_hand", "DROP SEQUENCE by_hand", "by_hand"),
    ("ALTER TABLE users ADD CONSTRAINT by_hand CHECK (id > 0)",
     "ALTER TABLE users DROP CONSTRAINT by_hand", "by_hand"),
]


class Watcher(threading.Thread):
    """Reads what everybody can read, and holds it against what is true."""

    def __init__(self):
        super().__init__(daemon=True)
        self.driftd = None
        self.allowed = {}        # a part of an object's name -> until when, None: still there
        self.wrong = []
        self.statuses = collections.Counter()
        self.newest = None       # (time, status, names of confirmed findings)
        self.away = None         # since when the server is not there
        self.end = threading.Event()

    def note(self, what):
        self.wrong.append(f"{time.strftime('%H:%M:%S')} {what}")
        print("WRONG", self.wrong[-1], flush=True)

    def run(self):
        while not self.end.is_set():
            driftd = self.driftd
            try:
                metrics = driftd.metrics() if driftd else None
            except Exception:
                metrics = None  # killed, or not listening yet
            if metrics and "driftd_status" in metrics and driftd is self.driftd:
                self.look_at(metrics)
            time.sleep(0.25)

    def look_at(self, metrics):
        now = time.monotonic()
        status = status_of(metrics)
        found = [labels["object"] for labels, _ in metrics.get("driftd_finding_info", [])]
        self.statuses[status] += 1
        self.newest = (now, status, found)
        for name in found:
            if not any(part in name and (until is None or now < until)
                       for part, until in list(self.allowed.items())):
                self.note(f"false finding {name}")
                self.allowed[name] = None  # said once
                print(self.driftd.findings(), flush=True)
        if self.away and now - self.away > 15 and status == "in_sync":
            self.note("in sync although the server is away")

    def wait(self, condition, bound):
        """The seconds until then; None when it did not come about."""
        began = time.monotonic()
        while time.monotonic() - began < bound:
            newest = self.newest
            if newest and newest[0] > began and condition(*newest[1:]):
                return time.monotonic() - began
            time.sleep(0.05)
        return None


class Soak:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.app = new_app(server=Postgres(track_commit_timestamp="on"))
        self.server = self.app.server
        self.app.sql("GRANT SELECT ON alembic_version TO " + self.app.guest)
        self.settings = self.app.directory / "driftd.yaml"
        self.write_settings()
        self.watcher = Watcher()
        self.latencies = []
        self.in_grace = []
        self.migrated = -60.0
        self.done = collections.Counter()
        self.samples = []
        self.orphans = []
        self.directory = None
        self.driftd = None
        self.revision = 14
        self.start()
        self.watcher.start()
        assert self.watcher.wait(lambda status, _: status == "in_sync", 60), self.driftd.log

    def write_settings(self, more=""):
        self.settings.write_text(f"""
databases:
  - database: "{self.app.uri}"
    migrations: {self.app.project}
    state: {self.app.directory}/state.sqlite
    interval: 1s
    confirm_after: 500ms
    deployment_grace: 20s
    full_read_interval: 2m
    self_test_interval: 5m
    connect_timeout: 2s
{more}
web:
  listen: ["127.0.0.1:0"]
""")

    def start(self):
        self.driftd = Driftd("--config.file", str(self.settings), directory=self.directory)
        self.directory = self.driftd.directory
        self.watcher.driftd = self.driftd

    def back(self, what):
        self.watcher.away = None
        if self.watcher.wait(lambda status, _: status == "in_sync", 60) is None:
            self.watcher.note(f"not in sync 60 s after {what}: {self.watcher.newest}")

    # What happens, each from in sync to in sync.

    def change(self, during=None):
        do, undo, part = self.random.choice(CHANGES)
        self.watcher.allowed[part] = None
        began = time.monotonic()
        self.app.sql(do)
        if during:
            during()
        took = self.watcher.wait(lambda _, found: any(part in name for name in found), FOUND_WITHIN)
        if took is None:
            self.watcher.note(f"missed: {do}; {self.watcher.newest}")
        elif not during:
            after_migration = began - self.migrated < 60  # then a finding waits, see deployment_grace
            (self.in_grace if after_migration else self.latencies).append(took)
        self.app.sql(undo)
        self.watcher.allowed[part] = time.monotonic() + SETTLE
        self.back(undo)

    def rows(self):
        self.app.sql("CREATE TEMP TABLE own (a int); INSERT INTO own SELECT generate_series(1, 999);"
                     "UPDATE users SET phone = phone; ANALYZE; VACUUM users;"
                     "SELECT nextval(pg_get_serial_sequence('users', 'id'))")

    def rolled_back(self):
        do, _, _ = self.random.choice(CHANGES)
        self.app.sql(f"BEGIN; {do}; SELECT pg_sleep({self.random.uniform(0, 3):.2f}); ROLLBACK")

    def lock(self):
        with Sql(self.server, self.app.name, self.app.owner) as session:
            session.run("BEGIN; LOCK TABLE users;")
            time.sleep(self.random.uniform(0.5, 8))
            session.run("COMMIT;")
        self.back("a lock")

    def index_build(self):
        with Sql(self.server, self.app.name, self.app.owner) as holder:
            holder.run("BEGIN; UPDATE users SET phone = phone;")
            builder = threading.Thread(target=self.app.sql, args=(
                "CREATE INDEX CONCURRENTLY ix_soak ON users (phone);"
                "DROP INDEX CONCURRENTLY ix_soak",))
            builder.start()
            time.sleep(self.random.uniform(1, 8))
            holder.run("COMMIT;")
            builder.join()
        self.back("an index build")

    def migrate(self):
        self.revision += 1
        new, old = f"{self.revision:03}", f"{self.revision - 1:03}"
        self.app.add_revision(new, old, f'op.add_column("users", sa.Column("c{new}", sa.Integer()))')
        self.app.alembic("upgrade", "head")
        self.migrated = time.monotonic()
        self.back("a migration")

    def restart(self):
        self.server.stop(self.random.choice([signal.SIGINT, signal.SIGQUIT]))
        self.watcher.away = time.monotonic()
        time.sleep(self.random.choice([0, 1, 5, 20]))
        self.watcher.away = None
        self.server.start()
        self.back("a restart of the server")

    def hang(self):
        with self.server.hung():
            time.sleep(self.random.uniform(1, 12))
        self.back("a server that hung")

    def revoke(self):
        self.app.sql(f"REVOKE SELECT ON alembic_version FROM {self.app.guest}")
        # The privileges of that table are no part of what its migrations say.
        if self.watcher.wait(lambda status, _: status == "unknown", 40) is None:
            self.watcher.note("not unknown without the right to read the version table")
        self.app.sql(f"GRANT SELECT ON alembic_version TO {self.app.guest}")
        self.back("a right that came back")

    def reload(self):
        broken = self.random.random() < 0.5
        if broken:
            self.write_settings("    intervall: 3s\n")
        else:
            self.write_settings(f"    jitter: 0.{self.random.randrange(1, 5)}\n")
        self.driftd.process.send_signal(signal.SIGHUP)
        time.sleep(2)
        self.write_settings()
        self.driftd.process.send_signal(signal.SIGHUP)
        self.back("a reload")

    def kill(self):
        def die():
            self.watcher.driftd = None
            self.driftd.process.send_signal(self.random.choice([signal.SIGKILL, signal.SIGTERM]))
            self.driftd.process.wait(10)
            self.orphans += self.left(self.driftd.traces.processes)
            self.start()
        if self.random.random() < 0.5:
            self.change(during=die)
        else:
            die()
            self.back("a new driftd")

    def sample(self):
        status = read_proc(self.driftd.pid, "status").decode()
        rss = int(status.split("VmRSS:")[1].split()[0]) / 1024
        self.samples.append((time.monotonic(), rss, len(list_proc(self.driftd.pid, "fd")),
                             len(list_proc(self.driftd.pid, "task"))))
        print(f"{time.strftime('%H:%M:%S')} {sum(self.done.values())} events, {rss:.1f} MiB, "
              f"{self.samples[-1][2]} descriptors, {self.samples[-1][3]} threads", flush=True)

    def run(self, minutes):
        calm = [self.change] * 6 + [self.rows] * 3 + [self.rolled_back, self.lock, self.index_build,
                                                      self.migrate, self.restart, self.hang,
                                                      self.revoke, self.reload]
        began = time.monotonic()
        end = began + 60 * minutes
        sampled = 0.0
        while time.monotonic() < end:
            wild = time.monotonic() < began + 20 * minutes
            event = self.random.choice(calm + ([self.kill] * 2 if wild else []))
            event()
            self.done[event.__name__] += 1
            time.sleep(self.random.uniform(0, 2))
            if not wild and time.monotonic() - sampled > 60:
                self.sample()
                sampled = time.monotonic()

    def finish(self):
        self.watcher.end.set()
        self.watcher.join()
        began = time.monotonic()
        self.driftd.stop()
        stopped = time.monotonic() - began
        self.orphans += self.left(self.driftd.traces.all)
        return stopped

    @staticmethod
    def left(traces):
        """What is still there after a while: a scratch server ends, and its files go, by themselves."""
        end = time.monotonic() + 20
        while traces() and time.monotonic() < end:
            time.sleep(0.2)
        return traces()


def leaks(samples):
    """The last fifth of the samples beside the first: memory, descriptors, threads."""
    fifth = max(1, len(samples) // 5)
    first, last = samples[:fifth], samples[-fifth:]
    grown = []
    for column, name, allowed in ((1, "MiB", 4.0), (2, "descriptors", 3), (3, "threads", 2)):
        a = statistics.median(s[column] for s in first)
        b = statistics.median(s[column] for s in last)
        print(f"  {name}: {a:.1f} at first, {b:.1f} at last")
        if b > a + allowed:
            grown.append(name)
    return grown


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    soak = Soak(arguments.seed)
    soak.run(arguments.minutes)
    stopped = soak.finish()
    wrong = soak.watcher.wrong
    print(f"{arguments.minutes:g} minutes, seed {arguments.seed}: {dict(soak.done)}")
    print(f"  polled: {dict(soak.watcher.statuses)}; SIGTERM took {stopped:.1f} s")
    for name, values in (("", soak.latencies), (" within a minute of a migration", soak.in_grace)):
        if not values:
            continue
        ordered = sorted(values)
        print(f"  commit to confirmed on /metrics{name}: median {statistics.median(ordered):.2f} s, "
              f"95 % {ordered[int(0.95 * (len(ordered) - 1))]:.2f} s, longest {ordered[-1]:.2f} s "
              f"({len(ordered)} changes)")
    grown = leaks(soak.samples) if soak.samples else []
    for line in wrong:
        print("  WRONG", line)
    print(f"  wrong {len(wrong)}, orphans {soak.orphans}, leaks {grown}")
    return 1 if wrong or soak.orphans or grown else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""What a look costs, as ratios to `pg_dump --schema-only` of the same database in the same run.

    DRIFTD=build/release/driftd tests/bench/bench.py [--tables 1000] [--runs 9] [--profile]

Measured on the example and on a generated schema (10 columns, 3 indexes and 2 foreign keys a
table), alternating, medians:
  full look       a look after some catalogue row moved: everything is read and compared
  unchanged look  a look at a cluster in which nobody wrote anything since the last one
  others write    a look that finds the fingerprint of the last one, since others wrote only rows
  first look      `driftd check`, wall time: embedded server, replay, read, compare
  alembic         `alembic upgrade head` on the live server, once
  pg_dump         wall time over the same socket
and on the way: resident memory of `driftd serve`, the time from the commit of an ALTER TABLE to
the metric at the default interval. --profile adds what each query of a full look took, by the
server's own log. Look times are driftd's own (driftd_last_look_duration_seconds, all stages).
"""

import argparse
import pathlib
import random
import re
import statistics
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "daemon"))

from harness import (EXAMPLE, App, Driftd, Postgres, driftd, wait_until)  # noqa: E402

GOALS = {"full look": 1 / 3, "unchanged look": 1 / 50, "others write": 1 / 50}
MEMORY_GOAL = 40  # MiB
POLL = 0.15  # s; who asks more often takes the CPU that the look needs

REVISION = '''"""{message}"""
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
{body}


def downgrade() -> None:
    raise NotImplementedError
'''

TABLES = '''\
    for n in range({first}, {last}):
        op.create_table(
            f"t{{n:05}}",
            sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
            sa.Column("parent_id", sa.BigInteger(), nullable=False),
            sa.Column("peer_id", sa.BigInteger(), nullable=True),
            sa.Column("code", sa.String(length=32), nullable=False),
            sa.Column("name", sa.String(length=200), server_default="", nullable=False),
            sa.Column("amount", sa.Numeric(18, 2), server_default=sa.text("0"), nullable=False),
            sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
            sa.Column("day", sa.Date(), nullable=True),
            sa.Column("note", sa.Text(), nullable=True),
            sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(),
                      nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_t{{n:05}}"),
        )
        op.create_index(f"ix_t{{n:05}}_code", f"t{{n:05}}", ["code"], unique=True)
        op.create_index(f"ix_t{{n:05}}_day", f"t{{n:05}}", ["day", "amount"],
                        postgresql_where=sa.text("active"))'''

KEYS = '''\
    for n in range({count}):
        for column, step in (("parent_id", 1), ("peer_id", 7)):
            op.create_foreign_key(
                f"fk_t{{n:05}}_{{column}}", f"t{{n:05}}", f"t{{(n + step) % {count}:05}}",
                [column], ["id"], ondelete="CASCADE")'''


def write_history(versions: pathlib.Path, count: int):
    """The primary key's index is the third of a table."""
    for old in versions.glob("*.py"):
        old.unlink()
    quarter = -(-count // 4)
    bodies = [("tables", TABLES.format(first=first, last=min(first + quarter, count)))
              for first in range(0, count, quarter)] + [("keys", KEYS.format(count=count))]
    down = None
    for number, (message, body) in enumerate(bodies, 1):
        revision = f"g{number:03}"
        (versions / f"{revision}.py").write_text(REVISION.format(
            message=message, revision=revision, down=repr(down), body=body))
        down = revision


def prepare(server: Postgres, name: str, tables: int) -> App:
    """The example, or with tables its generated neighbour, at head by the real Alembic."""
    app = App(server, name, revision="", example=EXAMPLE)
    if tables:
        write_history(app.versions, tables)
    began = time.monotonic()
    app.alembic("upgrade", "head")
    app.alembic_took = time.monotonic() - began
    print(f"{name}: alembic upgrade head took {app.alembic_took:.1f} s", flush=True)
    app.sql(f"GRANT SELECT ON alembic_version TO {app.guest}")
    server.sql(name, "VACUUM ANALYZE")
    return app


def timed(action) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began


def stages(metrics: dict) -> dict:
    return {labels["stage"]: value
            for labels, value in metrics["driftd_last_look_duration_seconds"]}


def next_look(serve: Driftd, full: bool) -> dict:
    """The stages of the next look that is full, or is not."""
    before = serve.metrics()
    looks = before["driftd_looks_total"][0][1]
    reads = before["driftd_full_reads_total"][0][1]
    while True:
        metrics = serve.metrics()
        if metrics["driftd_looks_total"][0][1] > looks:
            if (metrics["driftd_full_reads_total"][0][1] > reads) == full:
                return stages(metrics)
            looks = metrics["driftd_looks_total"][0][1]
            reads = metrics["driftd_full_reads_total"][0][1]
        time.sleep(POLL)


def look_after_writing(app: App, serve: Driftd) -> dict:
    """A look between whose predecessor and itself a transaction ended that changed no schema."""
    looks = serve.metrics()["driftd_looks_total"][0][1]
    app.server.sql(app.name, "SELECT txid_current()")
    while True:
        metrics = serve.metrics()
        if metrics["driftd_looks_total"][0][1] > looks:
            if "fingerprint" in stages(metrics):
                return stages(metrics)
            looks = metrics["driftd_looks_total"][0][1]
            app.server.sql(app.name, "SELECT txid_current()")
        time.sleep(POLL)


def memory_of(pid: int) -> dict:
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {name: int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) / 1024
            for name in ("VmRSS", "VmHWM")}


def median_stages(looks: list) -> str:
    names = sorted({name for look in looks for name in look})
    medians = {name: statistics.median(look.get(name, 0.0) for look in looks) for name in names}
    return ", ".join(f"{name} {1000 * value:.1f}" for name, value in
                     sorted(medians.items(), key=lambda item: -item[1]) if value >= 0.0001)


def measure(app: App, runs: int) -> dict:
    check = lambda: driftd("check", "--database", app.uri, "--migrations", str(app.project))
    result = check()
    if result.code != 0:
        raise SystemExit(f"{app.name} is not in sync, so there is nothing to measure:\n{result}")
    times = {"pg_dump": [], "full look": [], "unchanged look": [], "others write": [],
             "first look": [], "alembic": [app.alembic_took]}
    looks = {"full look": [], "unchanged look": [], "others write": []}
    with Driftd(app=app, interval="400ms") as serve:
        serve.wait_for("in_sync", 300)
        first = stages(serve.metrics())
        for number in range(runs + 1):
            # The row of the column is written anew, and says the same.
            app.server.sql(app.name, "ALTER TABLE alembic_version ALTER version_num "
                                     "SET STATISTICS -1")
            full = next_look(serve, True)
            unchanged = next_look(serve, False)
            written = look_after_writing(app, serve)
            dump = timed(lambda: app.server.dump(app.name, "--schema-only"))
            if number == 0:
                continue  # caches of both are cold
            looks["full look"].append(full)
            looks["unchanged look"].append(unchanged)
            looks["others write"].append(written)
            times["pg_dump"].append(dump)
        memory = memory_of(serve.pid)
        if serve.status() != "in_sync":
            raise SystemExit(f"{app.name} drifted while it was measured:\n{serve.log}")
    for name, list_of_stages in looks.items():
        times[name] = [sum(look.values()) for look in list_of_stages]
    for _ in range(max(3, runs // 3)):
        times["first look"].append(timed(check))
    return {"times": times, "looks": looks, "memory": memory, "first": first}


def report(name: str, measured: dict) -> bool:
    print(f"\n{name}")
    dump = statistics.median(measured["times"]["pg_dump"])
    good = True
    print(f"  {'':16}{'median':>10}{'lowest':>10}{'highest':>10}{'of pg_dump':>12}{'goal':>10}")
    for what, times in measured["times"].items():
        median = statistics.median(times)
        ratio, goal = median / dump, GOALS.get(what)
        verdict = "" if goal is None else "met" if ratio <= goal else "MISSED"
        good &= verdict != "MISSED"
        print(f"  {what:16}{1000 * median:8.1f}ms{1000 * min(times):8.1f}ms"
              f"{1000 * max(times):8.1f}ms{ratio:12.3f}{goal or float('nan'):10.3f}  {verdict}")
    for what, looks in measured["looks"].items():
        print(f"  {what}, stages in ms: {median_stages(looks)}")
    print(f"  first look of serve, stages in ms: {median_stages([measured['first']])}")
    alembic = measured["times"]["alembic"][0]
    print(f"  alembic took {alembic / measured['first'].get('replay', 0):.1f} times as long as the "
          f"replay of serve, {alembic / statistics.median(measured['times']['first look']):.1f} "
          "times as long as a whole first look")
    rss, peak = measured["memory"]["VmRSS"], measured["memory"]["VmHWM"]
    print(f"  resident memory after the looks {rss:.1f} MiB, at most {peak:.1f} MiB; "
          f"goal {MEMORY_GOAL}  {'met' if rss <= MEMORY_GOAL else 'MISSED'}")
    return good and rss <= MEMORY_GOAL


def latency(app: App, tries: int):
    """From the commit of an ALTER TABLE to the scrape that shows it, and back."""
    chance = random.Random(3)
    appear, vanish = [], []
    with Driftd(app=app, interval="3s") as serve:
        serve.wait_for("in_sync", 300)
        for _ in range(tries):
            for statement, status, into in (
                    ("ALTER TABLE users ADD COLUMN by_hand text", "drift", appear),
                    ("ALTER TABLE users DROP COLUMN by_hand", "in_sync", vanish)):
                time.sleep(3 * chance.random())
                app.sql(statement)
                began = time.monotonic()
                wait_until(lambda: serve.status() == status, status, 60, 0.02)
                into.append(time.monotonic() - began)
    print("\nfrom the commit to the metric, default interval")
    for what, times in (("appears", appear), ("is resolved", vanish)):
        ordered = sorted(times)
        print(f"  {what:12} lowest {ordered[0]:.2f} s, median {statistics.median(ordered):.2f} s, "
              f"90 % {ordered[int(0.9 * (len(ordered) - 1))]:.2f} s, highest {ordered[-1]:.2f} s "
              f"({len(ordered)} tries)")


def profile(app: App):
    """The server's own times of each query of one full look."""
    server = app.server
    server.sql("postgres", f"ALTER ROLE {app.guest} SET log_min_duration_statement = 0")
    try:
        with Driftd(app=app, interval="400ms") as serve:
            serve.wait_for("in_sync", 300)
            next_look(serve, False)
            size = server.log.stat().st_size
            server.sql(app.name, "ALTER TABLE alembic_version ALTER version_num "
                                 "SET STATISTICS -1")
            look = next_look(serve, True)
    finally:
        server.sql("postgres", f"ALTER ROLE {app.guest} RESET log_min_duration_statement")
    text = server.log.read_bytes()[size:].decode(errors="replace")
    totals = {}
    for match in re.finditer(r"duration: ([\d.]+) ms  (parse|bind|execute|statement)[^:]*: "
                             r"((?:.*\n)(?:\t.*\n)*)", text):
        sql = " ".join(match[3].split())
        phases = totals.setdefault(sql, {})
        phases.setdefault(match[2], []).append(float(match[1]))
    print(f"\n{app.name}: queries of the full look, server's ms (parse, bind = plan, execute)")
    print(f"  the look itself: {median_stages([look])}")
    rows = [(sum(max(times) for times in phases.values()), phases, sql)
            for sql, phases in totals.items()]
    for total, phases, sql in sorted(rows, key=lambda row: -row[0])[:25]:
        parts = " ".join(f"{phase} {max(times):.1f}" for phase, times in phases.items())
        print(f"  {total:8.1f}  {parts:44}  {sql[:110]}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tables", type=int, default=1000, help="of the generated schema")
    arguments.add_argument("--runs", type=int, default=9)
    arguments.add_argument("--tries", type=int, default=20, help="of the time to the metric")
    arguments.add_argument("--profile", action="store_true")
    arguments.add_argument("--only", choices=["example", "generated", "latency"])
    chosen = arguments.parse_args()

    # Settings that a production server has; only durability is off.
    server = Postgres(shared_buffers="256MB", max_locks_per_transaction="512")
    good = True
    example = prepare(server, "example", 0) if chosen.only != "generated" else None
    generated = (prepare(server, "generated", chosen.tables)
                 if chosen.only in (None, "generated") else None)
    for app in (example, generated):
        if app and chosen.only != "latency":
            good &= report(app.name, measure(app, chosen.runs))
            if chosen.profile:
                profile(app)
    if example:
        latency(example, chosen.tries)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

"""pg_dump is the oracle of completeness: for any single change to a schema its text differs exactly
when driftd says drift, but for the exceptions that changes.py names with their reasons.

    DRIFTD=build/release/driftd tests/oracle/oracle_test.py --changes 2000 --seed 1
    DRIFTD=... tests/oracle/oracle_test.py --only 1:17      # one change of a run again, with both texts
"""

import argparse
import collections
import concurrent.futures
import difflib
import pathlib
import random
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "daemon"))

from changes import CHANGES, DRIFTD_ALONE, PG_DUMP_ALONE, change, fill, reason  # noqa: E402
from harness import BINDIR, Postgres, driftd  # noqa: E402
from schema import Schema  # noqa: E402

PER_SCHEMA = 300  # changes


class Oracle:
    def __init__(self):
        self.server = Postgres(wal_level="logical", max_connections="60")
        self.server.sql("postgres", "CREATE ROLE reader; CREATE ROLE writer; CREATE ROLE auditor")

    def uri(self, database):
        return f"host={self.server.sockets} port={self.server.port} user=postgres dbname={database}"

    def psql(self, database, sql):
        return subprocess.run(self.server.psql(database), input=sql, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def dump(self, database, *options):
        done = subprocess.run(
            [BINDIR / "pg_dump", "-h", self.server.sockets, "-p", str(self.server.port), "-U",
             "postgres", *options, database],
            check=True, stdout=subprocess.PIPE, text=True)
        text = re.sub(r"(?m)^\\(un)?restrict .*\n", "", done.stdout)
        return text.replace(database, "database_name")

    def drift(self, expected, actual):
        """(whether, what driftd says)"""
        done = driftd("diff", self.uri(expected), self.uri(actual), "--no-color")
        if done.code == 1:
            raise AssertionError(f"driftd could not tell: {done}")
        return done.code == 2, done.out

    def make(self, name, statements):
        self.server.sql("postgres", f"CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' "
                                    f"LC_CTYPE 'C' ENCODING 'UTF8'")
        done = self.psql(name, "\n".join(statements))
        if done.returncode:
            raise AssertionError(done.stderr)

    def drop(self, name):
        self.psql(name, "SELECT format('ALTER SUBSCRIPTION %I SET (slot_name = NONE); DROP "
                        "SUBSCRIPTION %1$I', subname) FROM pg_subscription JOIN pg_database d "
                        "ON d.oid = subdbid AND datname = current_database() \\gexec")
        self.psql(name, "ALTER SUBSCRIPTION s SET (slot_name = NONE)")
        self.psql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def try_change(self, base, base_dump, name, sql):
        """None where the change does not apply; else (dump differs, driftd differs, words)."""
        self.server.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {base}")
        try:
            done = self.psql(name, sql.replace("{D}", name))
            if done.returncode:
                return None, done.stderr
            dump = self.dump(name, "--schema-only", "--create")
            drifts, words = self.drift(base, name)
            diff = "\n".join(difflib.unified_diff(base_dump.splitlines(), dump.splitlines(),
                                                  lineterm="", n=1))
            return (dump != base_dump, drifts), f"{words}\n--- pg_dump\n{diff}"
        finally:
            self.drop(name)


def verdict(sql, dump_differs, driftd_differs):
    """Empty where they agree, or disagree for a reason that is known; else what is wrong."""
    alone = reason(DRIFTD_ALONE, sql) or reason(PG_DUMP_ALONE, sql)
    if dump_differs == driftd_differs or alone:
        return "", alone if dump_differs != driftd_differs else None
    return ("pg_dump sees it and driftd does not" if dump_differs
            else "driftd sees it and pg_dump does not"), None


def run_schema(oracle, seed, count, only, every):
    schema = Schema(seed)
    base = f"base_{seed}"
    oracle.make(base, schema.sql)
    base_dump = oracle.dump(base, "--schema-only", "--create")
    failures, used, tried, not_applicable = [], collections.Counter(), 0, collections.Counter()
    rng = random.Random(seed * 1000003)
    work = []
    for number in range(len(CHANGES) if every else count):
        name = f"chg_{seed}_{number}"
        sql = (fill(CHANGES[number], rng, schema, name) if every else change(rng, schema, name))
        if only is None or only == number:
            work.append((number, name, sql))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda w: oracle.try_change(base, base_dump, w[1], w[2]), work)
        for (number, _, sql), (answer, words) in zip(work, results):
            if only is not None:
                print(sql, answer, words, sep="\n")
            if answer is None:
                not_applicable[sql + ": " + words.strip().split("\n")[0]] += 1
                continue
            tried += 1
            wrong, alone = verdict(sql, *answer)
            if alone:
                used[alone] += 1
            if wrong:
                failures.append(f"--only {seed}:{number}: {wrong}\n  {sql}\n{words}")
    failures += restored(oracle, seed, base) + reordered(oracle, seed, schema)
    oracle.drop(base)
    return tried, failures, used, not_applicable


def restored(oracle, seed, base):
    """A dump that was restored is no drift."""
    copy = f"copy_{seed}"
    oracle.make(copy, [oracle.dump(base)])
    drifts, words = oracle.drift(base, copy)
    oracle.drop(copy)
    return [f"seed {seed}: dump and restore is drift:\n{words}"] if drifts else []


def reordered(oracle, seed, schema):
    """The same tables made in another order are no drift, nor is a table that came and went."""
    def made(name, order):
        statements = ["CREATE TABLE public.gone (id serial PRIMARY KEY);"] if order else []
        tables = [f"CREATE TABLE public.r{i} (id integer PRIMARY KEY, n integer CHECK (n > {i}), "
                  f"t text DEFAULT 'x'); CREATE INDEX r{i}_t ON public.r{i} (t);" for i in range(4)]
        grants = [f"GRANT SELECT ON public.r{i} TO reader; GRANT INSERT ON public.r{i} TO writer;"
                  for i in range(4)]
        if order:
            tables.reverse()
            grants.reverse()
        statements += tables + grants
        if order:
            statements.append("DROP TABLE public.gone;")
        oracle.make(name, statements)
    one, other = f"one_{seed}", f"other_{seed}"
    made(one, False)
    made(other, True)
    drifts, words = oracle.drift(one, other)
    oracle.drop(one)
    oracle.drop(other)
    return [f"seed {seed}: another order is drift:\n{words}"] if drifts else []


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=0,
                        help="random ones; without it each template of changes.py once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="SEED:NUMBER of one change")
    options = parser.parse_args()
    oracle = Oracle()
    tried, failures, used, skipped = 0, [], collections.Counter(), collections.Counter()
    seed, left = options.seed, options.changes
    only = None
    if options.only:
        seed, only = (int(part) for part in options.only.split(":"))
    every = options.changes == 0
    while True:
        count = min(left, PER_SCHEMA) if not every else 0
        part, wrong, reasons, without = run_schema(oracle, seed, max(count, (only or 0) + 1), only,
                                                   every)
        tried, failures = tried + part, failures + wrong
        used.update(reasons)
        skipped.update(without)
        left -= count
        seed += 1
        if every or only is not None or left <= 0:
            break
    for text in failures:
        print(text, end="\n\n")
    for key, times in used.items():
        why = DRIFTD_ALONE.get(key) or PG_DUMP_ALONE.get(key)
        print(f"exception, {times} times: {key}: {why}")
    for key in (DRIFTD_ALONE | PG_DUMP_ALONE).keys() - used.keys():
        print(f"exception that was never needed: {key}")
    print(f"{sum(skipped.values())} changes did not apply, such as:")
    for text, _ in skipped.most_common(8):
        print(f"  {text[:160]}")
    print(f"{tried} changes, {len(failures)} disagreements")
    if tried == 0 or (every and sum(skipped.values()) > len(CHANGES) // 10):
        print("too few changes applied: the test tests nothing")
        return 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

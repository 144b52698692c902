#!/usr/bin/env python3
"""How many migrations of other people's histories are read.

    DRIFTD=build/release/driftd tests/wild/wild.py FOLDER...     # each holds an env.py somewhere
    DRIFTD=... tests/wild/wild.py --constructs FOLDER...         # what is not understood, by count

Prints for each history its migrations, how many were read, and the first place that was not. Exits
with 1 where driftd crashed or hung; what is not understood is a number, no failure.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LEFT_OUT = re.compile(r"/(node_modules|site-packages|tests?|docs|examples?)/")


def histories(folders):
    for folder in folders:
        for env in sorted(pathlib.Path(folder).rglob("env.py")):
            where = env.parent
            if LEFT_OUT.search(str(where) + "/"):
                continue
            if "context" in env.read_text(errors="replace"):
                yield where


def kind(message):
    """The construct without its names."""
    message = re.sub(r"`[^`]*`", "`...`", message)
    message = re.sub(r"at /\S+", "at ...", message)
    return message[:110]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--constructs", action="store_true")
    parser.add_argument("--errors", action="store_true", help="print every one")
    options = parser.parse_args()
    driftd = os.environ.get("DRIFTD", str(HERE.parent.parent / "build/release/driftd"))
    total = read = whole = count = open_objects = with_open = 0
    broken = False
    constructs = collections.Counter()
    places = {}
    for where in histories(options.folders):
        try:
            run = subprocess.run([driftd, "history", "--format", "json", "--migrations", where],
                                 capture_output=True, text=True, timeout=600)
        except subprocess.TimeoutExpired:
            print(f"{where}: not within 600 s")
            broken = True
            continue
        if run.returncode not in (0, 1):
            print(f"{where}: crashed with {run.returncode}: {run.stderr[-300:]}")
            broken = True
            continue
        if not run.stdout:
            print(f"{where}: {run.stderr.strip()[:300]}")
            continue
        migrations = json.loads(run.stdout)["migrations"]
        if not migrations:
            continue
        good = [m for m in migrations if m["state"] != "not understood"]
        failing = [m for m in migrations if m["state"] == "does not replay"]
        open_objects += sum(len(m["undetermined"]) for m in migrations)
        with_open += any(m["undetermined"] for m in migrations)
        count += 1
        total += len(migrations)
        read += len(good)
        whole += len(good) == len(migrations)
        print(f"{where}: {len(migrations)} migrations, {len(good)} understood, "
              f"{len(failing)} do not replay")
        shown = False
        for migration in migrations:
            for error in migration["errors"]:
                place = f"{error['file']}:{error['line']}"
                if error["reason"] == "not_understood":
                    constructs[kind(error["message"])] += 1
                    places.setdefault(kind(error["message"]), f"{place} {error['message'][:200]}")
                elif error["after_gap"] and not options.errors:
                    continue
                if options.errors or not shown:
                    print(f"    {place} {error['reason']}: {error['message'][:230]}")
                shown = True
    if options.constructs:
        for construct, times in constructs.most_common(80):
            print(f"{times:5} {construct}\n        {places[construct]}")
    if total:
        print(f"{count} histories, {whole} understood whole ({100 * whole / count:.0f} %); "
              f"{total} migrations, {read} understood ({100 * read / total:.1f} %); "
              f"{open_objects} objects left open in {with_open} histories")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

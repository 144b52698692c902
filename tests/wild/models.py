#!/usr/bin/env python3
"""How many tables of other people's models are read.

    DRIFTD=build/release/driftd tests/wild/models.py FOLDER...          # an application each
    DRIFTD=... tests/wild/models.py --errors --jobs 2 --packages SITE_PACKAGES FOLDER...

The files that look like models are given to driftd, which reads them and compares them with an empty
database: what is missing there is what was read. Prints for each application its tables, how many
were read, and the first part that was not. Exits with 1 where driftd crashed or hung.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LEFT_OUT = re.compile(r"/(node_modules|site-packages|tests?|testing|docs|examples?|versions|migrations|alembic|"
                      r"integrations|benches|revisions)/|/(test_[^/]*|conftest|env)\.py$")
MODEL = re.compile(r"__tablename__|\(db\.Model|table=True|declarative_base\(|DeclarativeBase\b|"
                   r"(?<![A-Za-z_])Table\(\s*[\"']|__table_args__")


def model_files(folder):
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        if not path.is_file() or LEFT_OUT.search(str(path)) or "/." in str(path):
            continue
        text = path.read_text(errors="replace")
        if MODEL.search(text) and ("sqlalchemy" in text or "sqlmodel" in text or "db." in text
                                   or "__tablename__" in text) and "down_revision" not in text:
            yield path


def kind(message):
    message = re.sub(r"'[^']*'", "'...'", re.sub(r"`[^`]*`", "`...`", message))
    message = re.sub(r"(model|column|field|table) [\w.]+", r"\1 ...", message)
    return re.sub(r"/\S+", "...", message)[:120]


def read(driftd, folder, packages, config, extensions):
    files = list(model_files(folder))
    if not files:
        return folder, None, "no models were found"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as empty:
        # What create_all() does not make, and real migrations do.
        for extension in ("citext", "uuid-ossp", "hstore", "pg_trgm", "ltree", "btree_gist", "pgcrypto", *extensions):
            empty.write(f'CREATE EXTENSION "{extension}";\n')
        command = [driftd, "diff", "models:" + ",".join(map(str, files)), empty.name,
                   "--format", "json"]
        if config:
            command += ["--config.file", config]
        if packages:
            command += ["--models.packages", ",".join(packages)]
        try:
            for _ in range(2):
                empty.flush()
                run = subprocess.run(command, capture_output=True, text=True, timeout=900)
                # A schema that is missing stands for all its tables.
                schemas = [one["object"]["identity"] for one in json.loads(run.stdout or "{}")
                           .get("report", {}).get("findings", [])
                           if one["object"]["kind"] == "schema"]
                if not schemas:
                    break
                for schema in schemas:
                    empty.write(f"CREATE SCHEMA {schema};\n")
        except subprocess.TimeoutExpired:
            return folder, None, "not within 900 s"
    if not run.stdout:
        return folder, None, f"exit {run.returncode}: {run.stderr.strip()[:600]}"
    return folder, json.loads(run.stdout), ""


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--errors", action="store_true", help="print every one")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--packages", action="append", default=[],
                        help="a folder of packages that the applications build on")
    parser.add_argument("--config", help="settings that say what the applications' environment is")
    parser.add_argument("--extension", action="append", default=[],
                        help="one more that the applications' migrations make")
    options = parser.parse_args()
    driftd = os.environ.get("DRIFTD", str(HERE.parent.parent / "build/release/driftd"))
    tables = whole = applications = 0
    all_tables = 0
    broken = False
    constructs = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for folder, result, error in pool.map(
                lambda f: read(driftd, f, options.packages, options.config, options.extension),
                options.folders):
            name = pathlib.Path(folder).name
            if result is None:
                print(f"{name}: {error}", flush=True)
                broken = broken or error.startswith("exit -") or error.startswith("not within")
                continue
            report = result["report"]
            good = {f["object"]["identity"] for f in report["findings"]
                    if f["object"]["kind"] == "table"}
            # Several parts of one table are one table that was not read.
            bad = {(u["table"] or u["model"] or str(u["place"])) for u in report["unread"]}
            applications += 1
            tables += len(good)
            all_tables += len(good) + len(bad)
            whole += not bad
            print(f"{name}: {len(good) + len(bad)} tables, {len(good)} read", flush=True)
            for index, part in enumerate(report["unread"]):
                constructs[kind(part["message"])] += 1
                if options.errors or index == 0:
                    place = part["place"] or {}
                    print(f"    {part['model'] or '-'}/{part['table'] or '-'}: {part['message']} "
                          f"({place.get('file', '')}:{place.get('line', '')})")
    print(f"{applications} applications, {all_tables} tables, {tables} read "
          f"({100 * tables / max(all_tables, 1):.1f} %), {whole} read as a whole")
    for message, number in constructs.most_common(40):
        print(f"{number:5}  {message}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

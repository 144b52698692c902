"""PostgreSQL's own regression database, dumped and restored, is no drift.

Debian's source package brings the SQL that makes it; exit code 77 where that cannot be had.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "daemon"))

from harness import BINDIR, Postgres, driftd, private_directory  # noqa: E402

# What a dump does not keep, each with its reason.
NOT_KEPT = {
    r"setting \S+ of database is missing": "pg_dump without --create leaves settings out",
    r"column \S+ has changed": "a child table's columns come in another order; positions only",
}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def fetched(folder):
    """The sources' src/test/regress, through a list of sources of our own."""
    listed = pathlib.Path("/etc/apt/sources.list.d/debian.sources")
    if not listed.exists():
        skip(f"there is no {listed}")
    sources = folder / "source.sources"
    sources.write_text(listed.read_text().replace("Types: deb\n", "Types: deb-src\n"))
    (folder / "lists" / "partial").mkdir(parents=True)
    apt = ["-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null", "-o",
           f"Dir::State::lists={folder}/lists"]
    quiet = {"cwd": folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    subprocess.run(["apt-get", *apt, "update"], **quiet)
    shown = subprocess.run(["apt-cache", *apt, "showsrc", "postgresql-15"], **quiet).stdout
    for version in sorted(re.findall(r"(?m)^Version: (\S+)", shown), reverse=True):
        subprocess.run(["apt-get", *apt, "source", "--download-only", f"postgresql-15={version}"],
                       **quiet)
        for archive in folder.glob("postgresql-15_*.orig.tar.bz2"):
            subprocess.run(["tar", "xjf", archive, "--wildcards", "*/src/test/regress/*"], **quiet)
            for regress in folder.glob("postgresql-15*/src/test/regress"):
                return regress
    skip("the source package of postgresql-15 cannot be fetched here")


def build(server, regress, work):
    """Runs the tests for what they leave behind. Many of their statements fail on purpose, and those
    that need their own library fail here."""
    server.sql("postgres", "CREATE DATABASE regression TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    server.sql("postgres", "ALTER DATABASE regression SET lc_messages TO 'C'")
    (work / "results").mkdir()
    environment = {**os.environ, "PG_ABS_SRCDIR": str(regress), "PG_ABS_BUILDDIR": str(work),
                   "PG_LIBDIR": str(work), "PG_DLSUFFIX": ".so", "PGTZ": "PST8PDT",
                   "PGDATESTYLE": "Postgres, MDY"}
    schedule = (regress / "parallel_schedule").read_text()
    for line in re.findall(r"(?m)^test:(.*)", schedule):
        for name in line.split():
            script = regress / "sql" / f"{name}.sql"
            if name == "tablespace" or not script.exists():  # those lie outside of the server's folder
                continue
            subprocess.run([*server.psql("regression")[:-1], "regression", "-v", "ON_ERROR_STOP=0",
                            "-f", script], env=environment, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, cwd=work, timeout=120)


def main():
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        regress = fetched(folder)
        server = Postgres(wal_level="logical")
        work = private_directory()
        build(server, regress, work)
        dump = subprocess.run(
            [BINDIR / "pg_dump", "-h", server.sockets, "-p", str(server.port), "-U", "postgres",
             "regression"], check=True, stdout=subprocess.PIPE).stdout
    server.sql("postgres", "CREATE DATABASE copy TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    restored = subprocess.run(server.psql("copy"), input=dump, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
    if restored.returncode:
        skip(f"pg_dump's own dump cannot be restored: {restored.stderr.decode()[:300]}")

    def uri(database):
        return f"host={server.sockets} port={server.port} user=postgres dbname={database}"
    result = driftd("diff", uri("regression"), uri("copy"), "--no-color", "--format", "json")
    if result.code == 1:
        raise AssertionError(str(result))
    report = result.json()["report"]
    wrong = []
    for finding in report["findings"]:
        words = {"missing": "is missing", "changed": "has changed"}
        said = (f"{finding['object']['kind']} {finding['object']['identity']} "
                f"{words.get(finding['drift'], finding['drift'])}")
        positions = all(d["property"] == "position" for d in finding["differences"])
        known = any(re.fullmatch(pattern, said) for pattern in NOT_KEPT)
        if not known or (finding["drift"] == "changed" and not positions):
            wrong.append(f"{said}: {finding['differences']}")
    print(f"{report['objects']} objects, {len(report['findings'])} findings that a dump does not "
          f"keep, {len(wrong)} others")
    for text in wrong:
        print(text)
    if report["objects"] < 2000:
        print("too few objects: the test tests nothing")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""What the tests of the DDL log share."""

import subprocess

from harness import BINDIR, driftd as run_driftd, environment


def install(app, *options):
    """As a superuser would, from what is printed."""
    printed = run_driftd("ddl-log", "--print-sql", *options)
    if printed.code != 0:
        raise AssertionError(printed)
    return app.server.sql(app.name, printed.out)


def logged(app, columns="tag, object", where="true") -> list:
    rows = app.server.sql(app.name, f"SELECT {columns} FROM driftd.ddl_log WHERE {where} "
                                    "ORDER BY id")
    return rows.splitlines()


def by_somebody(app, person: str, application: str, *statements: str):
    """A role of its own logs in over TCP, becomes the owner, and changes something."""
    role = f"{app.name}_{person}"
    server = app.server
    if server.sql("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'") == "":
        server.sql("postgres", f"CREATE ROLE {role} LOGIN PASSWORD 'pw-{person}'; "
                               f"GRANT {app.owner} TO {role}")
    commands = [part for text in (f"SET ROLE {app.owner}", *statements) for part in ("-c", text)]
    subprocess.run([BINDIR / "psql", "-Xq", "-v", "ON_ERROR_STOP=1",
                    server.uri(app.name, role, f"pw-{person}"), *commands], check=True,
                   env=environment(app.directory, {"PGAPPNAME": application}))
    return role

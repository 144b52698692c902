"""`driftd check`: one look, for CI and cron. What it prints and how it exits."""

import unittest

from harness import Traces, driftd, free_port, main, new_app, private_directory


def check(app, *arguments, uri=None, migrations=None):
    return driftd("check", "--database", uri or app.uri, "--migrations",
                  str(migrations or app.project), *arguments)


class Told(unittest.TestCase):
    """The database can be looked at."""

    def setUp(self):
        self.app = new_app()

    def found(self, *arguments):
        return check(self.app, "--format", "json", *arguments)

    def test_in_sync_is_0(self):
        result = check(self.app)
        self.assertEqual(result.code, 0, result)
        self.assertRegex(result.out, r"(?i)in sync")
        result = self.found()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.json()["status"], "in_sync")
        self.assertEqual(result.json()["report"]["findings"], [])

    def test_a_breaking_change_is_2_and_is_named(self):
        self.app.sql("ALTER TABLE users DROP COLUMN phone")
        result = check(self.app)
        self.assertEqual(result.code, 2, result)
        self.assertIn("public.users.phone", result.out)
        self.assertIn("002", result.out, "the revision that added the column")
        result = self.found()
        self.assertEqual(result.code, 2, result)
        self.assertEqual(result.json()["status"], "drift")
        [finding] = result.json()["report"]["findings"]
        self.assertEqual(finding["object"]["identity"], "public.users.phone")
        self.assertEqual(finding["object"]["kind"], "column")
        self.assertEqual(finding["drift"], "missing")
        self.assertEqual(finding["impact"], "breaking")
        self.assertEqual(finding["provenance"]["revision"], "002")
        self.assertRegex(finding["provenance"]["place"]["file"], r"002_users_phone\.py$")

    def test_fail_on_sets_what_counts(self):
        self.app.sql("COMMENT ON TABLE users IS 'edited by hand'")
        for impact, code in (("harmless", 2), ("risky", 0), ("breaking", 0)):
            result = self.found("--fail-on", impact)
            self.assertEqual(result.code, code, f"{impact}: {result}")
            self.assertEqual(len(result.json()["report"]["findings"]), 1, "shown in any case")
        self.assertEqual(check(self.app).code, 0, "the default is risky")
        self.app.sql("DROP INDEX ix_transactions_pending")
        for impact, code in (("harmless", 2), ("risky", 2), ("breaking", 0)):
            self.assertEqual(check(self.app, "--fail-on", impact).code, code, impact)
        self.assertEqual(check(self.app, "--fail-on", "sometimes").code, 1)

    def test_pending_migrations_are_no_drift(self):
        app = new_app("010")
        result = check(app, "--format", "json")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.json()["report"]["history"]["pending"],
                         ["011", "012", "013", "014"])

    def test_a_pending_migration_need_not_be_understood(self):
        self.app.add_revision("015", "014", DATA_DEPENDENT)
        self.assertEqual(check(self.app).code, 0)

    def test_the_result_is_on_stdout_and_nothing_else_is(self):
        result = self.found("--log.level", "debug")
        self.assertTrue(result.out.startswith("{"), result)
        self.assertEqual(result.json()["status"], "in_sync")

    def test_an_ini_file_and_a_script_directory_are_both_understood(self):
        for path in ("alembic.ini", "migrations"):
            result = check(self.app, migrations=self.app.project / path)
            self.assertEqual(result.code, 0, f"{path}: {result}")


# What it runs depends on rows, which nobody but the live database has.
DATA_DEPENDENT = """
for row in op.get_bind().execute("SELECT code FROM brokers"):
    op.execute(f"CREATE TABLE broker_{row.code} ()")
"""


class CouldNotTell(unittest.TestCase):
    """Exit code 1, never 0: with the stage, the reason, and what to try."""

    def assert_unknown(self, result_of, reason, *mentions):
        human = result_of()
        self.assertEqual(human.code, 1, human)
        for text in mentions:
            self.assertIn(text, human.out)
        self.assertRegex(human.out, r"(?m)^  try ", human)
        result = result_of("--format", "json")
        self.assertEqual(result.code, 1, result)
        told = result.json()
        self.assertEqual(told["status"], "unknown")
        self.assertEqual(told["unknown"]["reason"], reason, told)
        self.assertTrue(told["unknown"]["message"])
        self.assertTrue(told["unknown"]["hint"])
        self.assertTrue(told["unknown"]["stage"])
        for text in mentions:
            self.assertIn(text, result.out)
        return told["unknown"]

    @classmethod
    def setUpClass(cls):
        cls.app = new_app()

    def test_nobody_listens(self):
        port = free_port()
        uri = self.app.server.uri(self.app.name, self.app.guest, self.app.guest_password, port)
        self.assert_unknown(lambda *a: check(self.app, *a, uri=uri), "connect", str(port))

    def test_wrong_password(self):
        uri = self.app.server.uri(self.app.name, self.app.guest, "pw-of-somebody-else")
        self.assert_unknown(lambda *a: check(self.app, *a, uri=uri), "auth", self.app.guest)
        for arguments in ((), ("--format", "json"), ("--log.level", "debug")):
            result = check(self.app, *arguments, uri=uri)
            self.assertNotIn("pw-of-somebody-else", result.out + result.err)

    def test_no_version_table(self):
        app = new_app(revision="")
        self.assert_unknown(lambda *a: check(app, *a), "history", "alembic_version", app.name)

    def test_the_version_table_may_not_be_read(self):
        app = new_app()
        app.sql(f"REVOKE SELECT ON alembic_version FROM {app.guest}")
        told = self.assert_unknown(lambda *a: check(app, *a), "permission", "alembic_version")
        self.assertIn("GRANT SELECT", told["hint"])

    def test_a_revision_that_no_file_is(self):
        app = new_app()
        app.sql("UPDATE alembic_version SET version_num = 'f00dfeed'")
        self.assert_unknown(lambda *a: check(app, *a), "history", "f00dfeed")

    def test_a_migration_that_is_not_understood(self):
        app = new_app()
        path = app.add_revision("015", "014", DATA_DEPENDENT)
        line = 1 + path.read_text().splitlines().index(
            '        op.execute(f"CREATE TABLE broker_{row.code} ()")')
        app.alembic("upgrade", "head")
        told = self.assert_unknown(lambda *a: check(app, *a), "not_understood", "015.py",
                                   f":{line}")
        self.assertEqual(told["place"]["line"], line)
        self.assertRegex(told["place"]["file"], r"015\.py$")

    def test_a_statement_that_postgresql_refuses(self):
        app = new_app()
        app.add_revision("015", "014", 'op.execute("ALTER TABLE nowhere ADD COLUMN x int")')
        app.sql("UPDATE alembic_version SET version_num = '015'")
        self.assert_unknown(lambda *a: check(app, *a), "replay", "nowhere", "015.py")

    def test_no_migrations_there(self):
        empty = private_directory()
        self.assert_unknown(lambda *a: check(self.app, *a, migrations=empty), "settings",
                            str(empty))

    def test_a_schema_that_is_nowhere(self):
        file = private_directory() / "driftd.yaml"
        file.write_text(f"""\
databases:
  - name: app
    database: "{self.app.uri}"
    migrations: {self.app.project}
    schemas: [pubilc]
""")
        self.assert_unknown(lambda *a: driftd("check", "--config.file", str(file), *a),
                            "settings", "pubilc")

    def test_wrong_usage(self):
        for arguments in (["check"], ["check", "--no-such-flag"], ["no-such-command"],
                          ["check", "--database", self.app.uri, "--migrations",
                           str(self.app.project), "--format", "morse"]):
            result = driftd(*arguments)
            self.assertEqual(result.code, 1, f"{arguments}: {result}")
            self.assertTrue(result.err.strip(), arguments)
            self.assertEqual(result.out, "", arguments)


class Baseline(unittest.TestCase):
    """What stood in the database before its first migration."""

    def setUp(self):
        self.app = new_app(revision=None)
        self.app.sql("CREATE TABLE legacy (id serial PRIMARY KEY, note text)")
        self.file = self.app.directory / "baseline.sql"
        self.file.write_text(self.app.server.dump(self.app.name, "--schema-only"))
        self.app.add_revision("015", "014", 'op.add_column("legacy", sa.Column("x", sa.Text()))')
        self.app.alembic("upgrade", "head")
        self.app.sql(f"GRANT SELECT ON alembic_version TO {self.app.guest}")

    def check(self, *arguments):
        return check(self.app, "--migrations.baseline", str(self.file), *arguments)

    def test_stands_before_the_migrations(self):
        result = check(self.app)
        self.assertEqual(result.code, 1, "a migration alters a table that none made")
        result = self.check("--format", "json")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.json()["report"]["history"]["applied"], 15)

    def test_is_where_a_finding_comes_from(self):
        self.app.sql("ALTER TABLE legacy ALTER note SET NOT NULL")
        result = self.check()
        self.assertEqual(result.code, 2, result)
        self.assertRegex(result.out, r"set by revision baseline \(.*baseline\.sql:\d+")

    def test_what_only_psql_runs_is_refused_with_its_line(self):
        self.file.write_text("CREATE TABLE legacy (id int);\n\\connect other\n")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.out, r"baseline\.sql:2")
        self.file.write_text("CREATE TABLE legacy (id int);\n\nCREATE TABLE legacy (id int);\n")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.out, r"baseline\.sql:3")

    def test_is_in_a_snapshot_too(self):
        written = self.app.directory / "schema.driftd"
        result = driftd("snapshot", "--migrations", str(self.app.project), "--migrations.baseline",
                        str(self.file), "-o", str(written), "--database", self.app.uri)
        self.assertEqual(result.code, 0, result)
        result = driftd("check", "--database", self.app.uri, "--expected.snapshot", str(written))
        self.assertEqual(result.code, 0, result)


class Substitutes(unittest.TestCase):
    """SQL that stands for a migration which is not understood."""

    def setUp(self):
        self.app = new_app()
        self.app.add_revision("015", "014", 'import app_only\n    app_only.alter(op)')
        self.app.sql("ALTER TABLE users ADD COLUMN nickname text")
        self.app.sql("UPDATE alembic_version SET version_num = '015'")
        self.file = self.app.directory / "015.sql"
        self.file.write_text("BEGIN;\n\n-- Running upgrade 014 -> 015\n\n"
                             "ALTER TABLE users ADD COLUMN nickname TEXT;\n\n"
                             "UPDATE alembic_version SET version_num='015' "
                             "WHERE alembic_version.version_num = '014';\n\nCOMMIT;\n")

    def check(self, revision="015", *arguments):
        settings = self.app.directory / "driftd.yaml"
        settings.write_text(f"databases:\n  - database: {self.app.uri}\n    migrations:\n"
                            f"      path: {self.app.project}\n"
                            f"      substitutes: {{\"{revision}\": 015.sql}}\n")
        return driftd("check", "--config.file", str(settings), *arguments)

    def test_stands_for_the_migration(self):
        result = check(self.app)
        self.assertEqual(result.code, 1, result)
        self.assertIn("migrations.substitutes", result.out)
        result = self.check()
        self.assertEqual(result.code, 0, result)

    def test_is_where_a_finding_comes_from(self):
        self.app.sql("ALTER TABLE users DROP COLUMN nickname")
        result = self.check()
        self.assertEqual(result.code, 2, result)
        self.assertRegex(result.out, r"revision 015 \(.*015\.sql:5")

    def test_a_statement_that_fails_is_named_with_its_line(self):
        self.file.write_text("ALTER TABLE users ADD COLUMN nickname TEXT;\n\nALTER TABLE none ADD x int;")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.out, r"015\.sql:3")

    def test_a_revision_that_no_migration_has_is_refused(self):
        result = self.check("16")
        self.assertEqual(result.code, 1, result)
        self.assertIn("names 16, which no migration is", result.out)


class Explain(unittest.TestCase):
    """Which migration made an object what it is expected to be."""

    def explain(self, app, what, *arguments):
        return driftd("explain", what, "--database", app.uri, "--migrations", str(app.project),
                      *arguments)

    def test_an_object_by_each_of_its_names(self):
        app = new_app()
        for name in ("users.phone", "public.users.phone", "column public.users.phone"):
            result = self.explain(app, name)
            self.assertEqual(result.code, 0, result)
            self.assertRegex(result.out, r"(?m)^column public\.users\.phone$")
            self.assertRegex(result.out, r"type .*set by revision 002 \(.*002_users_phone\.py:\d+:\d+\)")
            self.assertIn("it is as expected", result.out)

    def test_a_table_with_what_is_in_it(self):
        result = self.explain(new_app(), "users", "--format", "json")
        self.assertEqual(result.code, 0, result)
        [table] = [o for o in result.json()["objects"] if o["object"]["kind"] == "table"]
        self.assertTrue(table["expected"])
        parts = {p["object"]["identity"]: p["provenance"] for p in table["parts"]}
        self.assertEqual(parts["public.users.phone"]["revision"], "002")

    def test_what_is_not_so_is_2_and_says_what_is_there(self):
        app = new_app()
        app.sql("ALTER TABLE users ALTER phone TYPE text")
        result = self.explain(app, "users.phone")
        self.assertEqual(result.code, 2, result)
        self.assertRegex(result.out, r"type: expected character varying\(\d+\), actual text")
        fingerprint = check(app, "--format", "json").json()["report"]["findings"][0]["fingerprint"]
        self.assertEqual(self.explain(app, fingerprint).out, result.out)
        self.assertEqual(self.explain(app, "users").code, 2, "what is in it is not so")
        self.assertEqual(self.explain(app, "brokers").code, 0)

    def test_what_should_not_be_there(self):
        app = new_app()
        app.add_revision("015", "014", 'op.drop_column("users", "phone")')
        app.alembic("upgrade", "head")
        app.sql("ALTER TABLE users ADD COLUMN phone text")
        app.sql("CREATE TABLE by_hand (id int)")
        result = self.explain(app, "users.phone")
        self.assertEqual(result.code, 2, result)
        self.assertRegex(result.out, r"not expected: dropped by revision 015 \(.*015\.py:\d+:\d+\)")
        self.assertIn("no migration ever made it", self.explain(app, "by_hand").out)
        found = check(app)
        self.assertRegex(found.out, r"dropped by revision 015 \(.*015\.py:\d+:\d+\)")

    def test_an_object_that_nobody_knows(self):
        result = self.explain(new_app(), "users.fone")
        self.assertEqual(result.code, 1, result)
        self.assertIn("no object and no finding is called users.fone", result.err)
        self.assertIn("Did you mean public.users.phone?", result.err)

    def test_what_cannot_be_told_is_1(self):
        app = new_app()
        app.sql("UPDATE alembic_version SET version_num = 'f00dfeed'")
        result = self.explain(app, "users")
        self.assertEqual(result.code, 1, result)
        self.assertIn("cannot tell", result.out)


class History(unittest.TestCase):
    """The list of migrations, with what is read of each."""

    def history(self, app, *arguments, database=True):
        where = ("--database", app.uri) if database else ()
        return driftd("history", *where, "--migrations", str(app.project), *arguments)

    def test_all_is_read(self):
        app = new_app("010")
        result = self.history(app)
        self.assertEqual(result.code, 0, result)
        self.assertRegex(result.out, r"(?m)^010 +applied +read ")
        self.assertRegex(result.out, r"(?m)^011 +pending +read ")
        self.assertIn("14 migrations, 14 read; head: 014", result.out)

    def test_without_a_database_nothing_is_applied_or_pending(self):
        app = new_app("010")
        result = self.history(app, "--format", "json", database=False)
        self.assertEqual(result.code, 0, result)
        self.assertNotIn("applied", result.json()["migrations"][0])
        self.assertEqual({m["state"] for m in result.json()["migrations"]}, {"read"})

    def test_every_migration_is_told_of_not_only_the_first(self):
        app = new_app()
        app.add_revision("015", "014", DATA_DEPENDENT)
        app.add_revision("016", "015", 'op.add_column("brokers", sa.Column("x", sa.Integer()))')
        app.add_revision("017", "016", 'op.drop_column("nowhere", "x")')
        result = self.history(app)
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.out, r"(?m)^015 +pending +not understood")
        self.assertRegex(result.out, r"015\.py:\d+:\d+: op\.execute of `CREATE TABLE broker_")
        self.assertRegex(result.out, r"(?m)^016 +pending +read")
        self.assertRegex(result.out, r"(?m)^017 +pending +does not replay")
        self.assertIn("17 migrations, 15 read, 1 not understood, 1 does not replay", result.out)

    def test_a_revision_that_no_file_has(self):
        app = new_app()
        app.sql("UPDATE alembic_version SET version_num = 'f00dfeed'")
        result = self.history(app)
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.out, r"(?m)^f00dfeed +applied +no file has it")


class Leaves(unittest.TestCase):
    def test_nothing_behind(self):
        app = new_app()
        tmp = private_directory("driftd-check-")
        tmp.chmod(0o1777)
        result = driftd("check", "--database", app.uri, "--migrations", str(app.project), tmp=tmp)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(Traces(tmp).all(), [])


class Diff(unittest.TestCase):
    """driftd diff A B: what is expected, what is there."""

    @classmethod
    def setUpClass(cls):
        cls.first = new_app()
        cls.server = cls.first.server
        cls.server.sql("postgres", f"CREATE DATABASE copy TEMPLATE {cls.first.name} "
                       f"OWNER {cls.first.owner}")

    def uri(self, database):
        return f"host={self.server.sockets} port={self.server.port} user=postgres dbname={database}"

    def diff(self, *more):
        return driftd("diff", self.uri(self.first.name), self.uri("copy"), *more)

    def test_what_an_extension_did_itself_is_no_difference(self):
        similarity = "FUNCTION similarity(text, text)"
        for database in (self.first.name, "copy"):
            self.server.sql(database, "CREATE EXTENSION pg_trgm")
        try:
            self.server.sql("copy", f"ALTER {similarity} COST 5; ALTER {similarity} COST 1")
            self.assertEqual(self.diff().code, 0, "written anew, and the same")
            self.server.sql("copy", f"ALTER {similarity} SECURITY DEFINER")
            different = self.diff()
            self.assertEqual(different.code, 2, str(different))
            self.assertIn("security_definer", different.out)
        finally:
            for database in (self.first.name, "copy"):
                self.server.sql(database, "DROP EXTENSION pg_trgm")

    def test_says_what_differs_and_by_which_exit_code(self):
        alike = self.diff()
        self.assertEqual(alike.code, 0, str(alike))
        self.assertIn("the two databases look alike", alike.out)
        self.server.sql("copy", "ALTER TABLE users ALTER COLUMN email SET STATISTICS 7")
        try:
            different = self.diff()
            self.assertEqual(different.code, 2, str(different))
            self.assertIn("statistics", different.out)
            self.assertEqual(self.diff("--fail-on", "risky").code, 0)
            self.assertEqual(self.diff("--groups", "structure,code").code, 0)
            self.assertEqual(self.diff("--schemas", "nothing*").code, 0)
            report = self.diff("--format", "json").json()["report"]
            self.assertIsNone(report["history"])
            self.assertEqual([f["drift"] for f in report["findings"]], ["changed"])
            self.assertNotIn("migration", self.diff().out)
        finally:
            self.server.sql("copy", "ALTER TABLE users ALTER COLUMN email SET STATISTICS -1")

    def test_names_the_database_that_failed_and_no_password(self):
        wrong = driftd("diff", self.uri(self.first.name),
                       f"{self.uri('nowhere')} password=hidden1")
        self.assertEqual(wrong.code, 1)
        self.assertIn("the second database", wrong.err)
        self.assertNotIn("hidden1", wrong.out + wrong.err)

    def test_wants_two_databases(self):
        self.assertEqual(driftd("diff", self.uri("copy")).code, 1)


if __name__ == "__main__":
    main()

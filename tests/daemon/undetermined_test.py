"""Objects that the migrations leave open: whether a statement ran, or with which value, depends on
what only the application knew. They are unknown, and everything else is compared."""

import unittest

from harness import Driftd, driftd, main, new_app, wait_until

SOON = 15.0

# As people write it: a large table has its index made by hand.
BY_ROWS = """
if op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar() < 1000000:
    op.create_index("ix_users_by_rows", "users", ["phone"])
op.add_column("users", sa.Column("seen", sa.Date(), server_default=str(datetime.date.today())))
"""

# A constraint makes way while its rows are written, where there are any.
THERE_AND_BACK = """
if op.get_bind().execute(sa.text("SELECT 1 FROM users LIMIT 1")).first():
    op.drop_constraint(op.f("positions_positive"), "positions")
    op.create_check_constraint(op.f("positions_positive"), "positions", "id > 0")
"""


class Undetermined(unittest.TestCase):
    def setUp(self):
        self.app = new_app()
        head = sorted(path.stem for path in self.app.versions.glob("[0-9]*.py"))[-1]
        body = "import datetime\n" + BY_ROWS.strip()
        self.open = self.app.add_revision("by_rows", head.split("_")[0], body)
        self.app.alembic("upgrade", "head")

    def check(self, *arguments):
        return driftd("check", "--database", self.app.uri, "--migrations", str(self.app.project),
                      *arguments)

    def parts(self, result):
        return [part["object"] for part in result.json()["report"]["unread"]]

    def test_they_are_unknown_as_they_are_and_otherwise(self):
        for done in ("SELECT 1", "DROP INDEX ix_users_by_rows",
                     "CREATE INDEX ix_users_by_rows ON users (email)",
                     "ALTER TABLE users ALTER COLUMN seen SET DEFAULT '2001-02-03'"):
            self.app.sql(done)
            result = self.check("--format", "json")
            self.assertEqual(result.code, 1, f"{done}: {result}")
            self.assertEqual(result.json()["status"], "unknown", done)
            self.assertEqual(result.json()["report"]["findings"], [], done)
            self.assertEqual(self.parts(result), ["index public.ix_users_by_rows",
                                                  "default of column public.users.seen"])
        text = self.check().out
        self.assertRegex(text, r"2 objects that the migrations leave open")
        self.assertRegex(text, r"not determined: index public\.ix_users_by_rows")
        self.assertRegex(text, r"by_rows\.py:11")
        self.assertIn("migrations.substitutes", text)

    def test_everything_else_is_compared(self):
        self.app.sql("ALTER TABLE users ALTER COLUMN seen SET NOT NULL; "
                     "CREATE INDEX by_hand ON users (email)")
        result = self.check("--format", "json", "--fail-on", "harmless")
        self.assertEqual(result.code, 2, result)
        self.assertEqual([f["object"]["identity"] for f in result.json()["report"]["findings"]],
                         ["public.users.seen", "public.by_hand"])
        self.assertEqual(len(self.parts(result)), 2)

    def test_what_is_undone_again_is_not_open(self):
        self.app.sql("ALTER TABLE positions ADD CONSTRAINT positions_positive CHECK (id > 0)")
        self.app.add_revision("positive", "by_rows", """\
op.create_check_constraint(op.f("positions_positive"), "positions", "id > 0")""")
        self.app.add_revision("again", "positive", THERE_AND_BACK)
        self.app.sql("UPDATE alembic_version SET version_num = 'again'")
        self.assertEqual(len(self.parts(self.check("--format", "json"))), 2)

    def test_a_substitute_says_what_was_done(self):
        self.app.sql("ALTER TABLE users ALTER COLUMN seen SET DEFAULT '2001-02-03'")
        said = self.app.directory / "by_rows.sql"
        said.write_text("CREATE INDEX ix_users_by_rows ON users (phone);\n"
                        "ALTER TABLE users ADD COLUMN seen date DEFAULT '2001-02-03';\n")
        config = self.app.directory / "driftd.yaml"
        config.write_text(f"databases: [{{name: shop, database: '{self.app.uri}', migrations: "
                          f"{{path: {self.app.project}, substitutes: {{by_rows: {said}}}}}}}]\n")
        result = driftd("check", "--config.file", str(config))
        self.assertEqual(result.code, 0, result)

    def test_history_names_them(self):
        result = driftd("history", "--migrations", str(self.app.project), "--format", "json")
        self.assertEqual(result.code, 0, result)
        [one] = [m for m in result.json()["migrations"] if m["undetermined"]]
        self.assertEqual(one["revision"], "by_rows")
        self.assertEqual([part["object"] for part in one["undetermined"]],
                         ["index public.ix_users_by_rows", "column public.users.seen"])
        text = driftd("history", "--migrations", str(self.app.project)).out
        self.assertRegex(text, r"by_rows\.py:12:9: leaves index public\.ix_users_by_rows open")
        self.assertRegex(text, r"2 objects left open; head: by_rows")

    def test_serve_says_so_and_still_finds(self):
        with Driftd(app=self.app) as daemon:
            wait_until(lambda: daemon.value("driftd_undetermined_objects") == 2, "two open", SOON)
            self.assertEqual(daemon.status(), "unknown")
            self.assertEqual(daemon.value("driftd_up"), 1)
            self.assertRegex(daemon.log, r"leave an object open.*ix_users_by_rows")
            self.assertEqual(daemon.log.count("leave an object open"), 2)
            page = daemon.get("/")[1] if isinstance(daemon.get("/"), tuple) else daemon.get("/")
            self.assertIn("not determined", str(page))
            self.app.sql("ALTER TABLE users DROP COLUMN phone")
            daemon.wait_for("drift", SOON)
            self.assertEqual([f["object"]["identity"] for f in daemon.findings()],
                             ["public.users.phone"])
            self.assertEqual(daemon.value("driftd_undetermined_objects"), 2)

    def test_a_snapshot_has_no_words_for_them(self):
        result = driftd("snapshot", "--migrations", str(self.app.project), "--output",
                        str(self.app.directory / "snapshot"))
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.err, r"whether `CREATE INDEX .ix_users_by_rows.* runs depends on")


if __name__ == "__main__":
    main()

"""`driftd snapshot`, and a driftd that compares with it and has no PostgreSQL of its own."""

import unittest

from harness import Driftd, driftd, main, new_app


class Snapshot(unittest.TestCase):
    def setUp(self):
        self.app = new_app("010")
        self.file = self.app.directory / "schema.driftd"
        self.empty = self.app.directory / "no-postgres"
        self.empty.mkdir()

    def write(self, *arguments):
        result = driftd("snapshot", "--migrations", str(self.app.project), "-o", str(self.file),
                        *arguments)
        self.assertEqual(result.code, 0, result)
        return result

    def check(self, *arguments):
        return driftd("check", "--database", self.app.uri, "--expected.snapshot", str(self.file),
                      "--scratch.bindir", str(self.empty), *arguments)

    def test_without_a_database_and_without_a_postgres_beside_it(self):
        self.assertRegex(self.write().err, r"14 revisions, 15 states, PostgreSQL \d+, \d+ bytes")
        result = self.check("--format", "json")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.json()["report"]["history"]["pending"], ["011", "012", "013", "014"])
        self.app.sql("ALTER TABLE users ALTER phone TYPE text")
        result = self.check()
        self.assertEqual(result.code, 2, result)
        self.assertRegex(result.out, r"set by revision 002 \(.*002_users_phone\.py\)")

    def test_the_same_file_serves_every_revision(self):
        self.write("--database", self.app.uri)
        self.app.alembic("upgrade", "head")
        self.assertEqual(self.check().code, 0)
        self.app.alembic("downgrade", "003")
        self.assertEqual(self.check().code, 0)

    def test_a_stamp_is_told_and_nobody_is_accused_of_the_rest(self):
        self.write()
        self.app.alembic("stamp", "head")
        self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
        report = self.check("--format", "json").json()["report"]
        [cause] = report["causes"]
        self.assertEqual((cause["cause"], cause["revisions"]),
                         ("stamped_not_applied", ["011", "012", "013", "014"]))
        # It may be one half of a revision: a snapshot has no statements.
        self.assertEqual([f["object"]["identity"] for f in report["findings"] if not f["cause"]],
                         ["public.users.by_hand"])
        self.app.alembic("stamp", "010")
        self.app.sql("ALTER TABLE users DROP COLUMN by_hand, DROP COLUMN legacy_crm_id")
        [cause] = self.check("--format", "json").json()["report"]["causes"]
        self.assertEqual((cause["cause"], cause["revisions"]), ("applied_not_stamped", ["011"]))

    def test_what_it_cannot_tell_is_1(self):
        self.write()
        self.app.sql("UPDATE alembic_version SET version_num = 'f00dfeed'")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertIn("f00dfeed", result.out)
        self.app.sql("UPDATE alembic_version SET version_num = '010'")
        text = self.file.read_text()
        self.file.write_text(text[:len(text) // 2])
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertIn("cut off, or was changed", result.out)

    def test_is_written_whole_or_not_at_all(self):
        self.write()
        before = self.file.read_text()
        self.app.add_revision("015", "014", 'op.drop_table("nowhere")')
        result = driftd("snapshot", "--migrations", str(self.app.project), "-o", str(self.file))
        self.assertEqual(result.code, 1, result)
        self.assertEqual(self.file.read_text(), before)
        self.assertEqual([p.name for p in self.app.directory.glob("schema*")], ["schema.driftd"])
        result = driftd("snapshot", "--migrations", str(self.app.project), "-o", "/nowhere/file")
        self.assertEqual(result.code, 1, result)

    def test_a_new_file_is_taken_up_while_serving(self):
        self.write()
        with Driftd("--database", self.app.uri, "--expected.snapshot", str(self.file),
                    "--scratch.bindir", str(self.empty), "--interval", "500ms") as served:
            served.wait_for("in_sync")
            self.app.add_revision("015", "010", 'op.add_column("users", sa.Column("x", sa.Text()))')
            self.app.sql("ALTER TABLE users ADD COLUMN x text")
            served.wait_for("drift")
            self.app.sql("UPDATE alembic_version SET version_num = '015'")
            served.wait_for("unknown")
            self.write()
            served.wait_for("in_sync")
            self.assertEqual([pid for pid, _ in served.traces.processes()], [served.pid])


if __name__ == "__main__":
    main()

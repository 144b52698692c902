"""Folders of SQL: the tables as the tools make them, from applied to edited, failed and repaired."""

import hashlib
import unittest

from harness import Driftd, driftd, main, new_app, wait_until

PRISMA = """CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)"""
GOLANG = "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)"
FLYWAY = """CREATE TABLE flyway_schema_history (
    installed_rank INT NOT NULL, version VARCHAR(50), description VARCHAR(200) NOT NULL,
    type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER,
    installed_by VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT now(),
    execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL);
  ALTER TABLE flyway_schema_history ADD CONSTRAINT flyway_schema_history_pk
    PRIMARY KEY (installed_rank);
  CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success)"""


class Histories(unittest.TestCase):
    def setUp(self):
        self.app = new_app(revision=None, example=None)
        self.folder = self.app.project / "migrations"

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return text

    def table(self, ddl, name):
        self.app.sql(f"{ddl}; GRANT SELECT ON {name} TO {self.app.guest}")

    def check(self):
        return driftd("check", "--database", self.app.uri, "--migrations", str(self.folder),
                      "--format", "json")

    def report(self, code):
        result = self.check()
        self.assertEqual(result.code, code, result)
        return result.json()["report"]

    def test_prisma(self):
        (self.folder / "x").mkdir(parents=True)
        text = self.write("20240101_init/migration.sql", "CREATE TABLE users (id serial, email text);\n")
        self.write("20240202_more/migration.sql", "CREATE TABLE orders (id serial);\n")
        self.write("migration_lock.toml", 'provider = "postgresql"\n')
        self.table(PRISMA, "_prisma_migrations")
        checksum = hashlib.sha256(text.encode()).hexdigest()
        self.app.sql(text)
        self.app.sql("INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) "
                     f"VALUES ('1', '{checksum}', now(), '20240101_init')")
        report = self.report(0)
        self.assertEqual(report["history"]["tool"], "prisma")
        self.assertEqual(report["history"]["pending"], ["20240202_more"])
        self.assertEqual(report["history"]["edited"], [])
        self.app.sql("ALTER TABLE users ALTER email SET NOT NULL")
        [finding] = self.report(2)["findings"]
        self.assertEqual(finding["provenance"]["revision"], "20240101_init")
        self.assertTrue(finding["provenance"]["place"]["file"].endswith("migration.sql"))
        self.app.sql("ALTER TABLE users ALTER email DROP NOT NULL")
        self.write("20240101_init/migration.sql", text + "-- edited\n")
        self.assertEqual(self.report(0)["history"]["edited"], ["20240101_init"])
        self.app.sql("INSERT INTO _prisma_migrations (id, checksum, migration_name) "
                     "VALUES ('2', 'x', '20240202_more')")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertIn("was begun and has not ended", result.out)
        self.app.sql("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = '2'")
        self.assertEqual(self.report(0)["history"]["pending"], ["20240202_more"])

    def test_golang_migrate(self):
        self.write("000001_init.up.sql", "CREATE TABLE users (id serial);")
        self.write("000001_init.down.sql", "DROP TABLE users;")
        self.write("000002_index.up.sql", "CREATE INDEX CONCURRENTLY users_id ON users (id);")
        self.table(GOLANG, "schema_migrations")
        self.app.sql("CREATE TABLE users (id serial)")
        self.app.sql("INSERT INTO schema_migrations VALUES (1, false)")
        self.assertEqual(self.report(0)["history"]["pending"], ["2"])
        self.app.sql("CREATE INDEX users_id ON users (id); UPDATE schema_migrations SET version = 2")
        self.assertEqual(self.report(0)["history"]["database_revisions"], ["2"])
        self.app.sql("UPDATE schema_migrations SET dirty = true")
        self.assertEqual(self.check().code, 1)
        self.app.sql("UPDATE schema_migrations SET dirty = false, version = 3")
        self.assertEqual(self.check().code, 1)

    def half_run(self):
        """A migration of three statements, of which golang-migrate says that it has not ended."""
        self.write("000001_init.up.sql", "CREATE TABLE users (id serial);")
        self.write("000002_more.up.sql", "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n"
                   "ALTER TABLE users ADD name text;\nCREATE UNIQUE INDEX u ON users (name);\n")
        self.table(GOLANG, "schema_migrations")
        self.app.sql("CREATE TABLE users (id serial);"
                     "INSERT INTO schema_migrations VALUES (2, true)")

    def cause(self):
        result = self.check()
        self.assertEqual(result.code, 1, result)
        return result.json()["unknown"]["cause"]

    def test_how_far_a_migration_came_that_has_not_ended(self):
        self.half_run()
        cause = self.cause()
        self.assertEqual((cause["cause"], cause["revisions"]), ("half_applied", ["2"]))
        self.assertEqual(cause["sentence"], "of revision 2 nothing is in the schema")
        self.app.sql("CREATE TABLE a (id int); ALTER TABLE users ADD name text")
        cause = self.cause()
        self.assertIn("of revision 2 3 of 4 statements are there: it stopped at", cause["sentence"])
        self.assertEqual(cause["place"]["line"], 4)
        self.app.sql("CREATE UNIQUE INDEX u ON users (name)")
        self.assertEqual(self.cause()["sentence"], "all of revision 2 is in the schema")
        self.app.sql("ALTER TABLE users ADD by_hand text")  # then nobody knows
        self.assertIsNone(self.cause())

    def test_serve_says_how_far_it_came(self):
        self.half_run()
        with Driftd("--database", self.app.uri, "--migrations", str(self.folder), "--interval",
                    "500ms") as serving:
            def sentence():
                unknown = serving.report()["unknown"]
                return unknown and unknown["cause"] and unknown["cause"]["sentence"]
            wait_until(lambda: sentence() == "of revision 2 nothing is in the schema",
                       lambda: f"{serving.report()}")
            serving.wait_for_looks(3)  # which ask nothing again, and know it still
            self.assertEqual(sentence(), "of revision 2 nothing is in the schema")
            self.app.sql("CREATE TABLE a (id int)")
            wait_until(lambda: "1 of 4" in (sentence() or ""), lambda: f"{serving.report()}")
            self.app.sql("ALTER TABLE users ADD name text; CREATE UNIQUE INDEX u ON users (name);"
                         "UPDATE schema_migrations SET dirty = false")
            serving.wait_for("in_sync")

    def test_flyway(self):
        self.write("V1__init.sql", "CREATE TABLE users (id serial);\n")
        self.write("R__views.sql", "CREATE OR REPLACE VIEW everybody AS SELECT id FROM users;\n")
        self.table(FLYWAY, "flyway_schema_history")
        self.app.sql("CREATE TABLE users (id serial); CREATE VIEW everybody AS SELECT id FROM users")
        self.app.sql("""INSERT INTO flyway_schema_history VALUES
            (1, '1', 'init', 'SQL', 'V1__init.sql', NULL, 'x', now(), 1, true),
            (2, NULL, 'views', 'SQL', 'R__views.sql', NULL, 'x', now(), 1, true)""")
        self.assertEqual(self.report(0)["history"]["tool"], "flyway")
        self.app.sql("DROP VIEW everybody")
        [finding] = self.report(2)["findings"]
        self.assertEqual(finding["provenance"]["revision"], "R__views.sql")
        self.app.sql("UPDATE flyway_schema_history SET checksum = 1 WHERE installed_rank = 1")
        self.assertEqual(self.report(2)["history"]["edited"], ["1"])

    def test_sqitch(self):
        scripts = {"users": "BEGIN;\nCREATE TABLE users (id serial);\nCOMMIT;\n",
                   "name@v1": "BEGIN;\nALTER TABLE users ADD name text;\nCOMMIT;\n",
                   "name": "BEGIN;\nALTER TABLE users ALTER name SET NOT NULL;\nCOMMIT;\n",
                   "later": "CREATE TABLE later (id int);\n"}
        for name, text in scripts.items():
            self.write(f"deploy/{name}.sql", text)
        self.write("sqitch.plan", """%syntax-version=1.0.0
%project=app

users 2026-01-01T00:00:00Z A <a@example.org> # the users
name [users] 2026-01-02T00:00:00Z A <a@example.org> # their names
@v1 2026-01-03T00:00:00Z A <a@example.org> # released

name [name@v1] 2026-01-04T00:00:00Z A <a@example.org> # and each has one
later 2026-01-05T00:00:00Z A <a@example.org> # not yet
""")
        self.app.sql("CREATE SCHEMA sqitch; CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, "
                     "script_hash text, change text, project text, note text, "
                     "committed_at timestamptz NOT NULL DEFAULT clock_timestamp())")
        self.app.sql(f"GRANT USAGE ON SCHEMA sqitch TO {self.app.guest}; "
                     f"GRANT SELECT ON sqitch.changes TO {self.app.guest}")
        for number, (name, script) in enumerate((("users", "users"), ("name", "name@v1"),
                                                 ("name", "name"))):
            self.app.sql(scripts[script])
            digest = hashlib.sha1(scripts[script].encode()).hexdigest()
            self.app.sql("INSERT INTO sqitch.changes (change_id, script_hash, change, project) VALUES "
                         f"('{number}', '{digest}', '{name}', 'app')")
        history = self.report(0)["history"]
        self.assertEqual(history["tool"], "sqitch")
        self.assertEqual(history["pending"], ["later"])
        self.assertEqual(history["edited"], [])
        self.assertEqual(history["database_revisions"], ["name", "name/2", "users"])
        self.app.sql("ALTER TABLE users ALTER name DROP NOT NULL")
        [finding] = self.report(2)["findings"]
        self.assertEqual(finding["provenance"]["revision"], "name/2")
        self.app.sql("ALTER TABLE users ALTER name SET NOT NULL")
        self.write("deploy/users.sql", scripts["users"] + "-- edited\n")
        self.assertEqual(self.report(0)["history"]["edited"], ["users"])

    def test_structure_sql(self):
        self.app.sql("CREATE TABLE users (id bigserial PRIMARY KEY, email text);"
                     "CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY)")
        self.app.sql(f"GRANT SELECT ON schema_migrations TO {self.app.guest}")
        dump = self.app.server.dump(self.app.name, "--schema-only", "--no-owner",
                                    "--no-privileges")
        self.write("../db/structure.sql", dump + """
SET search_path TO "$user", public;

INSERT INTO "schema_migrations" (version) VALUES
('20260102000000'),
('20260101000000');

""")
        self.app.sql("INSERT INTO schema_migrations VALUES ('20260101000000'), ('20260102000000')")
        self.folder = self.app.project
        report = self.report(0)
        self.assertEqual(report["history"]["tool"], "structure.sql")
        self.assertEqual(report["history"]["applied"], 2)
        self.app.sql("ALTER TABLE users DROP COLUMN email")
        [finding] = self.report(2)["findings"]
        self.assertRegex(finding["provenance"]["place"]["file"], r"structure\.sql$")
        self.app.sql("DELETE FROM schema_migrations WHERE version = '20260102000000'")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertIn("20260102000000 the first of them", result.out)
        self.app.sql("INSERT INTO schema_migrations VALUES ('20260102000000'), ('20260103000000')")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertIn("20260103000000", result.out)

    def test_plain_numbered_files(self):
        self.write("0001_users.sql", "CREATE TABLE users (id serial);\n")
        self.write("0002-email.sql", "ALTER TABLE users ADD email text;\n")
        self.write("10.sql", "CREATE TABLE later (id int);\n")
        self.assertIn("version_table", self.check().out + self.check().err)
        settings = self.app.directory / "driftd.yaml"

        def report(column, code):
            settings.write_text(f"databases:\n  - database: {self.app.uri}\n"
                                f"    migrations: {self.folder}\n    version_table: "
                                f"{{name: applied, column: {column}}}\n")
            result = driftd("check", "--config.file", str(settings), "--format", "json")
            self.assertEqual(result.code, code, result)
            return result.json()["report"]

        self.app.sql("CREATE TABLE users (id serial); ALTER TABLE users ADD email text;"
                     "CREATE TABLE applied (version int, file text)")
        self.app.sql(f"GRANT SELECT ON applied TO {self.app.guest}")
        self.app.sql("INSERT INTO applied VALUES (2, NULL)")  # where it stands
        self.assertEqual(report("version", 0)["history"]["pending"], ["10"])
        self.app.sql("TRUNCATE applied; INSERT INTO applied VALUES (NULL, '0001_users.sql'), "
                     "(NULL, '0002-email.sql')")  # a list
        history = report("file", 0)["history"]
        self.assertEqual((history["tool"], history["pending"]), ("numbered", ["10"]))
        self.app.sql("ALTER TABLE users ALTER email SET NOT NULL")
        [finding] = report("file", 2)["findings"]
        self.assertEqual(finding["provenance"]["revision"], "2")

    def test_the_history_command_lists_them(self):
        self.write("V1__init.sql", "CREATE TABLE users (id serial);\n")
        self.write("V2__wrong.sql", "SELECT 1;\nCREATE TABLE users (id serial);\n")
        result = driftd("history", "--migrations", str(self.folder))
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.out, r"V2__wrong\.sql:2: .*already exists")


if __name__ == "__main__":
    main()

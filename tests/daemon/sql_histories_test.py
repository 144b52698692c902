"""Folders of SQL: the tables as the tools make them, from applied to edited, failed and repaired."""

import hashlib
import unittest

from harness import driftd, main, new_app

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

    def test_the_history_command_lists_them(self):
        self.write("V1__init.sql", "CREATE TABLE users (id serial);\n")
        self.write("V2__wrong.sql", "SELECT 1;\nCREATE TABLE users (id serial);\n")
        result = driftd("history", "--migrations", str(self.folder))
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.out, r"V2__wrong\.sql:2: .*already exists")


if __name__ == "__main__":
    main()

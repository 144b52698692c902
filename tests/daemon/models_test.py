"""`driftd check --models`: the models against all migrations, by a command that prints their DDL."""

import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from harness import driftd, main, new_app, shared_server, shared_tmp

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRINT = ROOT / "deploy" / "print_models.py"


class Models(unittest.TestCase):
    """The example's models, which are what its migrations make, and changes of them."""

    count = 0

    def setUp(self):
        Models.count += 1
        self.project = shared_tmp() / f"models{Models.count}"
        shutil.copytree(ROOT / "deploy" / "example", self.project,
                        ignore=shutil.ignore_patterns("__pycache__"))
        self.models = self.project / "app" / "models.py"

    def change(self, old, new):
        text = self.models.read_text()
        self.assertEqual(text.count(old), 1, old)
        self.models.write_text(text.replace(old, new))

    def revision(self, name, down, body):
        (self.project / "migrations" / "versions" / f"{name}.py").write_text(
            f'"""{name}."""\nimport sqlalchemy as sa\nfrom alembic import op\n'
            f'revision = "{name}"\ndown_revision = "{down}"\n\n\ndef upgrade():\n{body}\n')

    def check(self, *arguments, command=None):
        command = command or f"cd {self.project} && {sys.executable} {PRINT} app.models:Base.metadata"
        return driftd("check", "--models", "--migrations", str(self.project),
                      "--models.command", command, *arguments)

    def finding(self, *wanted):
        """The one finding, which has each of these texts."""
        result = self.check("--format", "json", "--fail-on", "harmless")
        self.assertEqual(result.code, 2, result)
        findings = result.json()["report"]["findings"]
        self.assertEqual(len(findings), 1, result)
        self.assertEqual(findings[0]["comparison"], "models")
        text = self.check().out
        for one in wanted:
            self.assertRegex(text, one)
        return findings[0]

    def test_the_example_is_in_sync_with_its_migrations(self):
        result = self.check("--fail-on", "harmless")
        self.assertEqual(result.code, 0, result)
        self.assertIn("the migrations make what the models describe", result.out)

    def test_a_column_of_a_model_without_a_migration(self):
        self.change('    phone = Column(String(32))', '    phone = Column(String(32))\n'
                    '    fax = Column(String(32))')
        finding = self.finding(r"column public\.users\.fax is in the models and in no migration",
                               "reads and writes of public.users fail")
        self.assertEqual((finding["drift"], finding["impact"]), ("missing", "breaking"))

    def test_a_column_of_a_migration_that_no_model_has(self):
        self.revision("015", "014", '    op.add_column("users", sa.Column("legacy", sa.Text(),\n'
                      '                  nullable=False))')
        finding = self.finding(r"column public\.users\.legacy is in the migrations and in no model",
                               r"set by revision 015 \(.*015\.py:\d+")
        self.assertEqual((finding["drift"], finding["impact"]), ("unexpected", "breaking"))

    def test_a_type_says_both_sides_and_the_migration(self):
        self.change('    phone = Column(String(32))', '    phone = Column(String(64))')
        finding = self.finding(r"models +character varying\(64\)",
                               r"migrations +character varying\(32\)", r"set by revision 002")
        self.assertEqual(finding["drift"], "changed")

    def test_a_check_and_a_label_that_autogenerate_does_not_see(self):
        self.change('"cancelled"', '"cancelled", "reversed"')
        finding = self.finding("transaction_status")
        self.assertEqual(finding["object"]["kind"], "enum")

    def test_a_default_that_only_the_migrations_have_is_harmless(self):
        self.change('Column(Boolean, server_default=text("true"), nullable=False)',
                    'Column(Boolean, default=True, nullable=False)')
        finding = self.finding("a default that the models leave out")
        self.assertEqual(finding["impact"], "harmless")
        self.assertEqual(self.check().code, 0)

    def test_what_models_cannot_say_is_no_drift(self):
        self.revision("015", "014", '''
    op.execute("CREATE VIEW v AS SELECT id FROM users")
    op.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    op.execute("CREATE SEQUENCE s")
    op.execute("GRANT SELECT ON users TO PUBLIC")
    op.execute("COMMENT ON COLUMN users.phone IS 'E.164'")
    op.execute("CREATE SCHEMA other")
    op.execute("CREATE EXTENSION citext")
    op.execute("CREATE STATISTICS st ON email, phone FROM users")
    op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY p ON users USING (true)")
    op.execute("ALTER TABLE users ALTER phone SET STATISTICS 500")
    op.execute("ALTER TABLE users SET (fillfactor = 90)")''')
        result = self.check("--fail-on", "harmless")
        self.assertEqual(result.code, 0, result)

    def test_models_use_schemas_and_extensions_of_the_migrations(self):
        self.revision("015", "014", '''
    op.execute("CREATE SCHEMA crm")
    op.execute("CREATE EXTENSION citext SCHEMA crm")
    op.execute("CREATE TABLE crm.leads (id int CONSTRAINT pk_leads PRIMARY KEY, mail crm.citext)")''')
        with self.models.open("a") as file:
            file.write("\n\nfrom sqlalchemy.types import UserDefinedType\n\n\n"
                       "class Citext(UserDefinedType):\n"
                       "    cache_ok = True\n\n"
                       "    def get_col_spec(self, **_):\n        return 'crm.citext'\n\n\n"
                       "class Lead(Base):\n    __tablename__ = 'leads'\n"
                       "    __table_args__ = {'schema': 'crm'}\n"
                       "    id = Column(Integer, primary_key=True, autoincrement=False)\n"
                       "    mail = Column(Citext())\n")
        result = self.check("--fail-on", "harmless")
        self.assertEqual(result.code, 0, result)

    def test_a_name_that_the_models_leave_to_postgresql_is_no_drift(self):
        self.change('"ck": "ck_%(table_name)s_%(constraint_name)s",', '')
        self.change('"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",', '')
        result = self.check("--format", "json", "--fail-on", "harmless")
        kinds = {f["drift"] for f in result.json()["report"]["findings"]
                 if "fk_" in f["object"]["identity"] or "fkey" in f["object"]["identity"]}
        self.assertEqual(kinds, set(), result)

    def test_a_command_that_fails_is_unknown_with_its_words(self):
        self.models.write_text("import nowhere\n")
        result = self.check()
        self.assertEqual(result.code, 1, result)
        self.assertIn("No module named 'nowhere'", result.out)
        self.assertIn("cannot tell", result.out)

    def test_a_command_without_statements_is_unknown(self):
        for command in ("true", "echo '-- nothing'"):
            result = self.check(command=command)
            self.assertEqual(result.code, 1, result)
            self.assertIn("printed no statement", result.out)

    def test_a_statement_that_does_not_run_is_named(self):
        result = self.check(command="echo 'CREATE TABLE a (id int); CREATE TABLE b (x nowhere);'")
        self.assertEqual(result.code, 1, result)
        self.assertIn('type "nowhere" does not exist', result.out)

    def test_the_command_gets_no_database(self):
        result = driftd("check", "--models", "--migrations", str(self.project), "--models.command",
                        "env | grep -E 'DATABASE_URL|PGHOST|PGPASSWORD' >&2; exit 3",
                        more={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
                              "PGPASSWORD": "geheim"})
        self.assertEqual(result.code, 1, result)
        self.assertNotIn("geheim", result.out + result.err)
        self.assertNotIn("127.0.0.1:1", result.out + result.err)

    def test_without_a_command_it_says_what_to_give(self):
        result = driftd("check", "--models", "--migrations", str(self.project))
        self.assertEqual(result.code, 1, result)
        self.assertIn("--models.command", result.err)

    def test_with_a_database_its_server_is_what_the_scratch_server_is_like(self):
        app = new_app()
        settings = self.project / "driftd-models.yaml"
        settings.write_text(
            f"databases:\n  - database: {app.uri}\n    migrations: .\n    models:\n"
            f"      command: [{sys.executable}, {PRINT}, \"app.models:Base.metadata\"]\n"
            f"      directory: .\n")
        result = driftd("check", "--models", "--config.file", str(settings))
        self.assertEqual(result.code, 0, result)


MODELS = """
from sqlalchemy import (DDL, CheckConstraint, Column, Enum, ForeignKey, Identity, Index, Integer,
                        MetaData, Sequence, String, Table, UniqueConstraint, event, func, text)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declarative_base

print("an application that talks while it is imported")
Base = declarative_base(metadata=MetaData(naming_convention={"ix": "ix_%(column_0_label)s"}))


class Percent(Base):
    __tablename__ = "a b%c"
    id = Column(Integer, primary_key=True)
    x = Column(String, server_default="100%", comment="50% :of 'it'")
    y = Column(String, server_default=text("'{\\"a\\": 1}'::jsonb ->> 'a%'"), index=True)
    other_id = Column(ForeignKey("other.id"))
    __table_args__ = (CheckConstraint("x LIKE 'a%' AND y <> '::'"),
                      Index("i", text("(x || 'a:b%')"), postgresql_where=text("x IS NOT NULL")),
                      {"comment": "100% sure"})


class Other(Base):
    __tablename__ = "other"
    id = Column(Integer, Identity(start=10), primary_key=True)
    percent_id = Column(ForeignKey("a b%c.id", name="circular"))
    kind = Column(Enum("a", "b%", "c:d", name="kind"))
    number = Column(Integer, Sequence("numbers"), server_default=Sequence("numbers").next_value())
    tags = Column(postgresql.ARRAY(String(10)), server_default=text("'{}'"))
    at = Column(postgresql.TIMESTAMP(timezone=True, precision=3), server_default=func.now())


Table("pairs", Base.metadata, Column("a", ForeignKey("other.id"), primary_key=True),
      Column("b", Integer, primary_key=True), UniqueConstraint("b", deferrable=True))
event.listen(Base.metadata, "after_create", DDL("CREATE VIEW v AS SELECT 'a' LIKE 'a%%' AS x"))
"""


class PrintModels(unittest.TestCase):
    """deploy/print_models.py prints what create_all does."""

    def test_same_as_create_all(self):
        server = shared_server()
        (folder := shared_tmp() / "create_all").mkdir()
        (folder / "models.py").write_text(MODELS)
        for name in ("created", "printed"):
            server.sql("postgres", f"CREATE DATABASE {name}")

        def url(name):
            return f"postgresql://postgres@/{name}?host={server.sockets}&port={server.port}"

        def python(*arguments):
            return subprocess.run([sys.executable, "-B", *arguments], cwd=folder, check=True,
                                  stdout=subprocess.PIPE, text=True).stdout

        python("-c", "import models, sqlalchemy\n"
               f"models.Base.metadata.create_all(sqlalchemy.create_engine({url('created')!r}))")
        text = python(str(PRINT), "models:Base")
        self.assertNotIn("talks while", text)
        server.sql("printed", text)
        result = driftd("diff", url("created"), url("printed"))
        self.assertEqual(result.code, 0, result)
        self.assertGreater(int(re.search(r"(\d+) objects compared", result.out)[1]), 25)

    def test_what_it_cannot_find_it_names(self):
        (folder := shared_tmp() / "print").mkdir()
        (folder / "empty.py").write_text("from sqlalchemy import MetaData\nm = MetaData()\n")
        for name, message in (("empty:m", "has no tables"), ("empty:x", "no attribute x"),
                              ("empty", "MODULE:ATTRIBUTE"), ("empty:MetaData", "is no MetaData")):
            done = subprocess.run([sys.executable, "-B", str(PRINT), name], cwd=folder,
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    main()

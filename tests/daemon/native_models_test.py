"""Models that are read, and not run: against what the real SQLAlchemy makes of them."""

import pathlib
import shutil
import subprocess
import sys
import textwrap
import unittest

from harness import driftd, main, shared_server, shared_tmp

HERE = pathlib.Path(__file__).resolve().parent
# What create_all() leaves to others.
GROUND = ("CREATE SCHEMA archive; CREATE EXTENSION citext; CREATE EXTENSION btree_gist;")


def url(name):
    server = shared_server()
    return f"postgresql://postgres@/{name}?host={server.sockets}&port={server.port}"


def database(name):
    shared_server().sql("postgres", f"CREATE DATABASE {name}")
    shared_server().sql(name, GROUND)
    return url(name)


class CreateAll(unittest.TestCase):
    """The vocabulary of tests/daemon/shop, in the order of columns that each has."""

    def read(self, folder, name):
        """A database of what driftd reads there."""
        printed = driftd("print-models", "--models.path", str(HERE / folder / "shop"))
        self.assertEqual((printed.code, printed.err), (0, ""), printed)
        made = database(name)
        shared_server().sql(name, printed.out)
        return made

    def same(self, expected, actual):
        result = driftd("diff", expected, actual, "--format", "json")
        findings = [f for f in result.json()["report"]["findings"]
                    if {d["property"] for d in f["differences"]} != {"position"}]
        self.assertEqual(findings, [], result)
        self.assertGreater(result.json()["report"]["objects"], 140)

    def test_the_same_catalogue(self):
        made = database("made")
        subprocess.run([sys.executable, "-B", "-c",
                        "import sqlalchemy\nfrom shop import base, people, orders\n"
                        f"engine = sqlalchemy.create_engine({made!r})\n"
                        "base.metadata.create_all(engine)\n"
                        "base.Archive.metadata.create_all(engine)\n"],
                       cwd=HERE / "shop", check=True)
        self.same(made, self.read("shop", "read14"))

    def test_the_newer_style_makes_the_same(self):
        self.same(self.read("shop", "older"), self.read("shop20", "newer"))


class Read(unittest.TestCase):
    """Other libraries' models, and what is not understood."""

    def models(self, text, *more):
        Read.count = getattr(Read, "count", 0) + 1
        folder = shared_tmp() / f"read{Read.count}" / "app"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        for name, content in (("models.py", text), *more):
            (folder / name).write_text(textwrap.dedent(content).rstrip() + "\n")
        return folder

    def sql(self, text, *more):
        result = driftd("print-models", "--models.path", str(self.models(text, *more)))
        self.assertEqual((result.code, result.err), (0, ""), result)
        return [line for line in result.out.splitlines() if not line.startswith("--")]

    def unread(self, text, *more):
        result = driftd("print-models", "--models.path", str(self.models(text, *more)))
        self.assertEqual(result.code, 1, result)
        return result

    def test_sqlmodel(self):
        self.assertEqual(self.sql("""
            import enum
            import uuid
            from datetime import datetime
            from decimal import Decimal
            from typing import ClassVar, Optional

            from pydantic import EmailStr
            from sqlmodel import JSON, Column, Field, Relationship, SQLModel

            class Rank(str, enum.Enum):
                one = "1"
                two = "2"

            class HeroBase(SQLModel):
                name: str = Field(index=True, max_length=50)
                email: EmailStr = Field(unique=True)
                age: Optional[int] = None
                kinds: ClassVar[list] = []

            class Team(SQLModel, table=True):
                id: int | None = Field(default=None, primary_key=True)
                money: Decimal = Field(max_digits=8, decimal_places=3)
                heroes: list["Hero"] = Relationship(back_populates="team")

            class Hero(HeroBase, table=True):
                __tablename__ = "heroes"
                id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
                rank: Rank = Rank.one
                born: datetime = Field(sa_column_kwargs={"server_default": "now"})
                more: dict = Field(sa_column=Column("other", JSON, nullable=False))
                team_id: int = Field(foreign_key="team.id", ondelete="CASCADE")
                _private: int = 3

            class Seen(HeroBase):
                known: bool
            """), [
            'CREATE TABLE "team" ("id" SERIAL NOT NULL, "money" NUMERIC(8, 3) NOT NULL, '
            'PRIMARY KEY ("id"));',
            """DO $driftd$ BEGIN IF to_regtype('"rank"') IS NULL THEN CREATE TYPE "rank" AS ENUM """
            "('one', 'two'); END IF; END $driftd$;",
            'CREATE TABLE "heroes" ("id" UUID NOT NULL, "rank" "rank" NOT NULL, '
            '"born" TIMESTAMP WITHOUT TIME ZONE DEFAULT \'now\' NOT NULL, "other" JSON NOT NULL, '
            '"team_id" INTEGER NOT NULL, "name" VARCHAR(50) NOT NULL, "email" VARCHAR NOT NULL, '
            '"age" INTEGER, PRIMARY KEY ("id"), UNIQUE ("email"));',
            'CREATE INDEX "ix_heroes_name" ON "heroes" ("name");',
            'ALTER TABLE "heroes" ADD FOREIGN KEY ("team_id") REFERENCES "team" ("id") '
            'ON DELETE CASCADE;'])

    def test_flask_sqlalchemy(self):
        self.assertEqual(self.sql("""
            from app.extensions import db
            from flask_login import UserMixin

            roles_users = db.Table("roles_users",
                db.Column("user_id", db.Integer, db.ForeignKey("user.id")),
                db.Column("role_id", db.Integer, db.ForeignKey("http_role.id")))

            class HTTPRole(db.Model):
                id = db.Column(db.Integer, primary_key=True)

            class User(UserMixin, db.Model):
                id = db.Column(db.BigInteger, primary_key=True)
                name = db.Column(db.String(80), nullable=False)
                roles = db.relationship("HTTPRole", secondary=roles_users)

                @cache.memoize()
                def score(self):
                    return 1

            class Admin(User):
                __tablename__ = "admins"  # not used: it has no key of its own
                rights = db.Column(db.Text)
            """, ("extensions.py", """
            from flask_sqlalchemy import SQLAlchemy
            from sqlalchemy import MetaData
            db = SQLAlchemy(metadata=MetaData(naming_convention={"pk": "pk_%(table_name)s"}))
            """)), [
            'CREATE TABLE "roles_users" ("user_id" INTEGER, "role_id" INTEGER);',
            'CREATE TABLE "http_role" ("id" SERIAL NOT NULL, CONSTRAINT "pk_http_role" '
            'PRIMARY KEY ("id"));',
            'CREATE TABLE "user" ("id" BIGSERIAL NOT NULL, "name" VARCHAR(80) NOT NULL, '
            '"rights" TEXT, CONSTRAINT "pk_user" PRIMARY KEY ("id"));',
            'ALTER TABLE "roles_users" ADD FOREIGN KEY ("user_id") REFERENCES "user" ("id");',
            'ALTER TABLE "roles_users" ADD FOREIGN KEY ("role_id") REFERENCES "http_role" ("id");'])

    def test_tables_that_a_loop_or_a_function_makes(self):
        self.assertEqual([line.split(" (")[0] for line in self.sql("""
            from sqlalchemy import Column, Integer, Table
            from sqlalchemy.orm import declarative_base

            Base = declarative_base()
            for name in ("a", "b"):
                Table(f"{name}_map", Base.metadata, Column("id", Integer, primary_key=True))

            def make(name):
                class Made(Base):
                    __tablename__ = name
                    id = Column(Integer, primary_key=True)
                return Made

            C, D = make("c"), make("d")
            E = type("E", (Base,), {"__tablename__": "e", "id": Column(Integer, primary_key=True)})
            """, ("other.py", "from app.models import C\n"))],
            [f'CREATE TABLE "{name}"' for name in ("a_map", "b_map", "c", "d", "e")])

    def test_no_file_is_left_out_without_a_word(self):
        whole = self.models(self.START)
        elsewhere = whole.parent.parent / f"{whole.parent.name}-elsewhere"
        elsewhere.mkdir()
        (elsewhere / "more.py").write_text(textwrap.dedent(self.START).replace("whole", "more"))
        config = elsewhere / "driftd.yaml"
        config.write_text(f"databases:\n  - models: {{path: [{whole}, {elsewhere}/more.py]}}\n")
        result = driftd("print-models", "--config.file", str(config))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertEqual(result.out.count("CREATE TABLE"), 2)
        (elsewhere / "more.py").write_text("class Broken(:\n")
        result = driftd("print-models", "--config.file", str(config))
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.err, r"more\.py:1:\d+: syntax error")
        self.assertEqual(result.out.count("CREATE TABLE"), 1)

    def test_packages_run_before_their_modules(self):
        folder = self.models("from app.parts.one import One\n")
        (folder / "parts").mkdir()
        (folder / "parts" / "__init__.py").write_text(textwrap.dedent("""
            from sqlalchemy.orm import declarative_base
            Base = declarative_base()
            from app.parts import one
            from app.parts import two
            """))
        for name in ("one", "two"):
            (folder / "parts" / f"{name}.py").write_text(textwrap.dedent(f"""
                from sqlalchemy import Column, Integer
                from app.parts import Base
                {'from app.parts.one import One' if name == 'two' else ''}

                class {name.title()}(Base):
                    __tablename__ = "{name}"
                    id = Column(Integer, primary_key=True)
                """))
        result = driftd("print-models", "--models.path", str(folder))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertEqual(result.out.count("CREATE TABLE"), 2)

    def test_fastapi_users(self):
        read = self.sql("""
            from fastapi_users.db import SQLAlchemyBaseUserTableUUID
            from sqlalchemy.orm import DeclarativeBase, Mapped

            class Base(DeclarativeBase):
                pass

            class User(SQLAlchemyBaseUserTableUUID, Base):
                nick: Mapped[str]
            """)
        self.assertIn('"nick" VARCHAR NOT NULL', read[0])
        self.assertIn('"email" VARCHAR(320) NOT NULL', read[0])
        self.assertIn('CREATE UNIQUE INDEX "ix_user_email"', read[1])

    START = """
            from sqlalchemy import Column, ForeignKey, Integer, String
            from sqlalchemy.orm import declarative_base
            from somewhere import make_column, Mixin, Special

            Base = declarative_base()

            class Whole(Base):
                __tablename__ = "whole"
                id = Column(Integer, primary_key=True)
    """

    def test_what_is_not_understood_is_named_and_the_rest_is_read(self):
        for name, body, message in (
                ("a column of a function", "x = make_column(3)",
                 "whether Part.x is a column depends on what somewhere.make_column gives"),
                ("a type", "x = Column(Special)", "somewhere.Special"),
                ("a table name", "__tablename__ = make_column(1)",
                 "the table name of the model Part is not understood"),
                ("no type", "x = Column(ForeignKey('nowhere.id'))", "has no type"),
                ("an error", "x = Column(String(undefined))", "name 'undefined' is not defined"),
                ("a statement", "make_all()", "name 'make_all' is not defined")):
            with self.subTest(name):
                text = self.START + f"""
            class Part(Base):
                __tablename__ = "part"
                id = Column(Integer, primary_key=True)
                {body}
                """
                result = self.unread(text)
                self.assertIn(message, result.err)
                self.assertRegex(result.err, r"models\.py:\d+:\d+: ")
                self.assertIn('CREATE TABLE "whole"', result.out)
                self.assertNotIn('"part"', result.out)

    def test_a_base_that_is_not_there(self):
        result = self.unread(self.START + """
            class Part(Mixin, Base):
                __tablename__ = "part"
                id = Column(Integer, primary_key=True)
            """)
        self.assertIn("table part: ", result.err)
        self.assertIn("inherits from somewhere.Mixin, whose columns are not known", result.err)

    def test_a_foreign_key_to_what_is_not_read_is_left_out(self):
        result = self.unread(self.START + """
            class Part(Mixin, Base):
                __tablename__ = "part"
                id = Column(Integer, primary_key=True)

            class Other(Base):
                __tablename__ = "other"
                id = Column(Integer, primary_key=True)
                part_id = Column(Integer, ForeignKey("part.id"))
            """)
        self.assertIn('CREATE TABLE "other"', result.out)
        self.assertNotIn("REFERENCES", result.out)

    def test_declared_on_a_condition_nobody_knows(self):
        result = self.unread(self.START + """
            import os

            if os.environ.get("EXTRA"):
                class Part(Base):
                    __tablename__ = "part"
                    id = Column(Integer, primary_key=True)
            """)
        self.assertIn("whether the table part is declared depends on the variable EXTRA", result.err)

    def test_what_may_change_the_schema_elsewhere_is_told(self):
        for name, line, message in (
                ("a call that is handed a model", "undefined_helper(Whole)", "undefined_helper"),
                ("a base that names the table", "class Part(Special):\n"
                 "                x = Column(Integer)", "inherits from somewhere.Special"),
                ("a class of a function", "class Part(make_base()):\n                pass",
                 "make_base"),
                ("a class of a model", "class Part(Whole, Missing):\n                pass",
                 "'Missing' is not defined"),
                ("versions", "Whole.x = 1\n\n            class Part(Base):\n"
                 "                __tablename__ = 'part'\n                __versioned__ = {}\n"
                 "                id = Column(Integer, primary_key=True)", "is versioned"),
                ("reflection", "from sqlalchemy import Table\n\n            class Part(Base):\n"
                 "                __table__ = Table('part', Base.metadata, autoload_with=1)",
                 "is read from a database")):
            with self.subTest(name):
                result = self.unread(self.START + f"""
            {line}
                """)
                self.assertIn(message, result.err)
                self.assertIn('CREATE TABLE "whole"', result.out)
        # What only names a model elsewhere is no part of the schema.
        self.assertEqual(len(self.sql(self.START + """
            schema = undefined_helper(Whole)

            @undefined_helper
            def function(x):
                return Whole

            @undefined_helper.route("/whole")
            class View(Resource):
                whole = Whole

            class Late(UnknownError):
                pass
            """)), 1)

    def test_no_models(self):
        folder = self.models("x = 1\n")
        result = driftd("print-models", "--models.path", str(folder))
        self.assertEqual(result.code, 1, result)
        self.assertIn("declare no table", result.err)
        result = driftd("print-models", "--models.path", str(folder / "missing"))
        self.assertEqual(result.code, 1, result)
        self.assertIn("--models.path", result.err)

    def test_a_hostile_file_ends(self):
        result = self.unread(self.START + """
            while True:
                pass
            """)
        self.assertIn("steps", result.err)


class Compared(unittest.TestCase):
    """check --models of models that are read."""

    def setUp(self):
        Compared.count = getattr(Compared, "count", 0) + 1
        self.project = shared_tmp() / f"compared{Compared.count}"
        shutil.copytree(HERE.parents[1] / "deploy" / "example", self.project,
                        ignore=shutil.ignore_patterns("__pycache__"))
        self.models = self.project / "app" / "models.py"

    def check(self, *arguments):
        return driftd("check", "--models", "--migrations", str(self.project),
                      "--models.path", str(self.models), *arguments)

    def change(self, old, new):
        text = self.models.read_text()
        self.assertEqual(text.count(old), 1, old)
        self.models.write_text(text.replace(old, new))

    def test_in_sync(self):
        result = self.check("--fail-on", "harmless")
        self.assertEqual(result.code, 0, result)

    def test_a_new_column_is_shown_where_the_model_declares_it(self):
        text = self.models.read_text()
        place = text.index("    id ")
        self.models.write_text(text[:place] + "    mobile = Column(String(20))\n" + text[place:])
        line = text[:place].count("\n") + 1
        result = self.check()
        self.assertEqual(result.code, 2, result)
        self.assertRegex(result.out, rf"declared by the model \w+\.mobile \(.*models\.py:{line}\b")
        finding = self.check("--format", "json").json()["report"]["findings"][0]
        self.assertEqual(finding["declared"]["place"]["line"], line)

    def test_a_part_that_is_not_understood_is_no_green_and_no_finding(self):
        text = self.models.read_text()
        place = text.index("    id ")
        self.models.write_text("import elsewhere\n" + text[:place] + "    mobile = elsewhere.column()\n"
                               + text[place:])
        result = self.check("--fail-on", "harmless")
        self.assertEqual(result.code, 1, result)
        self.assertIn("cannot tell", result.out)
        self.assertIn("1 part of the models not understood", result.out)
        self.assertIn("elsewhere.column", result.out)
        report = self.check("--format", "json").json()
        self.assertEqual(report["status"], "unknown")
        self.assertEqual(report["report"]["findings"], [])
        self.assertEqual(len(report["report"]["unread"]), 1)


if __name__ == "__main__":
    main()

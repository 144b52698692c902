"""Constructs of models, one a test: what driftd reads of each is what the real SQLAlchemy makes of it."""

import os
import pathlib
import subprocess
import sys
import textwrap
import unittest

from harness import driftd, main, shared_server, shared_tmp

START = """
from sqlalchemy import *
from sqlalchemy.orm import declarative_base, declared_attr, relationship
"""
CREATE = """
import sqlalchemy, sys
from app import models
metadata = models.metadata if hasattr(models, "metadata") else models.Base.metadata
metadata.create_all(sqlalchemy.create_engine(sys.argv[1]))
"""


class Constructs(unittest.TestCase):
    count = 0

    def write(self, text, more, packages):
        """The folder of the application, and that of the packages."""
        Constructs.count += 1
        top = shared_tmp() / f"constructs{Constructs.count}"
        for place, files in (("app", {"__init__.py": "", "models.py": text, **more}),
                             ("packages", packages)):
            for name, content in files.items():
                path = top / place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(textwrap.dedent(content).strip() + "\n")
        return top

    def database(self):
        server = shared_server()
        name = f"constructs{Constructs.count}"
        server.sql("postgres", f"CREATE DATABASE {name}")
        return f"postgresql://postgres@/{name}?host={server.sockets}&port={server.port}"

    def same(self, text, more=None, packages=None, tables=1):
        """Both make these tables, and all else the same; what driftd printed."""
        top = self.write(START + textwrap.dedent(text), more or {}, packages or {})
        made = self.database()
        path = os.pathsep.join([str(top / "packages"), os.environ.get("PYTHONPATH", "")])
        subprocess.run([sys.executable, "-B", "-W", "ignore", "-c", CREATE, made], cwd=top,
                       env={**os.environ, "PYTHONPATH": path}, check=True)
        arguments = ["--models.packages", str(top / "packages")] if packages else []
        result = driftd("diff", f"models:{top / 'app'}", made, "--format", "json", *arguments)
        report = result.json()["report"]
        self.assertEqual(report["unread"], [], result)
        self.assertEqual([f for f in report["findings"]
                          if {d["property"] for d in f["differences"]} != {"position"}], [], result)
        printed = driftd("print-models", "--models.path", str(top / "app"), *arguments)
        self.assertEqual(printed.out.count("CREATE TABLE"), tables, printed)
        return printed.out

    def unread(self, text, more=None, packages=None):
        """What is said of the parts that are not read."""
        top = self.write(START + textwrap.dedent(text), more or {}, packages or {})
        arguments = ["--models.packages", str(top / "packages")] if packages else []
        result = driftd("print-models", "--models.path", str(top / "app"), *arguments)
        self.assertEqual(result.code, 1, result)
        return result.err


class Packages(Constructs):
    """Bases of packages that stand in a folder of their own."""

    LIBRARY = {"library/__init__.py": """
        from .models import Base, Stamped
        """, "library/models.py": """
        from sqlalchemy import Column, DateTime, Integer, String
        from sqlalchemy.orm import declarative_base, declared_attr

        class Named:
            @declared_attr
            def __tablename__(cls):
                return cls.__name__.lower() + "s"

        Base = declarative_base(cls=Named)
        Other = declarative_base()

        class Stamped:
            id = Column(Integer, primary_key=True)
            made = Column(DateTime, nullable=False)

        class Setting(Base):
            name = Column(String(20), primary_key=True)

        class Queue(Other):
            __tablename__ = "queue"
            id = Column(Integer, primary_key=True)
        """}
    MODELS = """
        from library import Base, Stamped

        class User(Stamped, Base):
            name = Column(Text)
        """

    def test_their_columns_and_their_tables_on_the_same_metadata(self):
        self.same(self.MODELS, packages=self.LIBRARY, tables=2)

    def test_a_virtualenv_is_its_site_packages(self):
        venv = {f"lib/python3.11/site-packages/{name}": text for name, text in
                self.LIBRARY.items()}
        top = self.write(START + textwrap.dedent(self.MODELS), {}, {"pyvenv.cfg": "", **venv})
        result = driftd("print-models", "--models.path", str(top / "app"), "--models.packages",
                        str(top / "packages"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertIn('CREATE TABLE "users"', result.out)
        self.assertNotIn("queue", result.out)

    def test_without_them_the_base_is_not_known(self):
        top = self.write(START + textwrap.dedent(self.MODELS), {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual(result.code, 1, result)
        self.assertIn("inherits from library.Stamped, which is not known", result.err)

    def test_a_folder_that_is_not_there(self):
        top = self.write(START, {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"), "--models.packages",
                        str(top / "nowhere"))
        self.assertEqual(result.code, 1, result)
        self.assertIn("nowhere", result.err)

    def test_packages_of_no_models(self):
        settings = self.write(START, {}, {}) / "driftd.yaml"
        settings.write_text("databases: [{database: 'dbname=x', migrations: {path: .}, "
                            "models: {packages: [.]}}]\n")
        result = driftd("check", "--config.file", str(settings))
        self.assertEqual(result.code, 1, result)
        self.assertIn("models.packages are what models.path inherits from", result.err)


class Bases(Constructs):
    def test_the_class_of_declarative_base_is_inherited(self):
        self.same("""
            class Named:
                __table_args__ = {"comment": "of the base"}
                id = Column(Integer, primary_key=True)

                @declared_attr
                def __tablename__(cls):
                    return cls.__name__.lower() + "_rows"

            Base = declarative_base(cls=Named)

            class User(Base):
                name = Column(Text)

            class Group(Base):
                __table_args__ = (UniqueConstraint("name"), Base.__table_args__)
                name = Column(Text)
            """, tables=2)

    def test_a_class_of_declarative_base_that_is_not_there_is_told(self):
        self.assertIn("inherits from library.Named", self.unread("""
            from library import Named
            Base = declarative_base(cls=Named)

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
            """))

    def test_models_of_a_base_that_failed_are_told_whatever_it_is_called(self):
        told = self.unread("""
            class Other(declarative_base()):
                __tablename__ = "other"
                id = Column(Integer, primary_key=True)
            """, {"base.py": """
            from sqlalchemy.orm import declarative_base

            def made(name):
                return declarative_base(name=name.upper(3))

            Base = made(3)
            """, "a.py": """
            from app.base import Base as B

            class A(B):
                kind = "a"
            """, "b.py": """
            import app.base as other
            C = other.Base

            try:
                class D(C):
                    kind = "d"
            except ImportError:
                pass

            class E(D):
                kind = "e"
            """})
        self.assertEqual(told.count("`upper` of a `int` is not supported"), 3, told)

    def test_a_metaclass_that_makes_models_in_its_own_way_is_told(self):
        told = self.unread("""
            from sqlalchemy.orm import DeclarativeMeta

            class Prefixed(DeclarativeMeta):
                def __new__(cls, name, bases, attributes, *, prefix=""):
                    if "__tablename__" in attributes:
                        attributes["__tablename__"] = prefix + attributes["__tablename__"]
                    return super().__new__(cls, name, bases, attributes)

            Base = declarative_base()

            class User(Base, metaclass=Prefixed, prefix="app_"):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
            """)
        self.assertIn("the metaclass Prefixed", told)

    def test_a_subclass_with_the_inherited_name_and_nothing_else_shares_the_table(self):
        self.same("""
            Base = declarative_base()

            class Named:
                @declared_attr
                def __tablename__(cls):
                    return "things"

                @declared_attr
                def id(cls):
                    return Column(Integer, primary_key=True)

            class Thing(Named, Base):
                kind = Column(Text)
                __mapper_args__ = {"polymorphic_on": kind}

            class Book(Thing):
                __mapper_args__ = {"polymorphic_identity": "book"}
            """)

    def test_many_models_with_the_mixins_of_a_library(self):
        top = self.write(START + textwrap.dedent("""
            from oslo_db.sqlalchemy import models

            class Common(models.ModelBase, models.TimestampMixin):
                pass

            Base = declarative_base(cls=Common)
            """) + "".join(f"""
class Model{number}(Base):
    __tablename__ = "table{number}"
    id = Column(Integer, primary_key=True)
""" for number in range(9)), {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertEqual(result.out.count('"created_at" TIMESTAMP'), 9, result)

    def test_what_a_session_gives_is_no_column(self):
        self.same("""
            from sqlalchemy.orm import scoped_session, sessionmaker
            Session = scoped_session(sessionmaker())

            class Queried:
                query = Session.query_property()

            Base = declarative_base(cls=Queried)

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
            """)


class Types(Constructs):
    BASE = """
        import enum
        Base = declarative_base()
        """

    def test_an_enum_whose_members_are_made_by_its_own_methods(self):
        self.same(self.BASE + """
        class Severity(enum.Enum):
            high = ("H", 3)
            low = ("L", 1)

            def __new__(cls, letter, order):
                made = object.__new__(cls)
                made._value_ = letter
                made.order = order
                return made

        class Planet(enum.Enum):
            earth = (5, "blue")
            mars = (3, "red")

            def __init__(self, mass, colour):
                self.colour = colour

        class Word(str, enum.Enum):
            yes = "Y", "indeed"

            def __new__(cls, letter, text):
                made = str.__new__(cls, letter)
                made._value_ = letter
                made.text = text
                return made

        class Alarm(Base):
            __tablename__ = "alarms"
            id = Column(Integer, primary_key=True)
            severity = Column(Enum(Severity, values_callable=lambda e: [m.value for m in e]))
            order = Column(Integer, server_default=str(Severity.high.order))
            colour = Column(Text, server_default=Planet.mars.colour)
            word = Column(Enum(Word), server_default=Word.yes.name)
            more = Column(Text, server_default=Word("Y").text + Planet((5, "blue")).name)
        """)

    def test_what_an_enum_does_not_know_it_ignores(self):
        self.same(self.BASE + """
        class Rank(enum.Enum):
            one = 1

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            rank = Column(Enum(Rank, native_enum=False, index=True))
        """)

    def test_a_mutable_list_of_a_type(self):
        self.same(self.BASE + """
        from sqlalchemy.ext import mutable

        class MutableList(mutable.Mutable, list):
            @classmethod
            def coerce(cls, key, value):
                return MutableList(value)

        class Encoded(TypeDecorator):
            impl = Text

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            tags = Column(MutableList.as_mutable(Encoded))
        """)


class Python(Constructs):
    def test_attributes_of_functions(self):
        self.same("""
            Base = declarative_base()

            def marked(function):
                function.length = 30
                return function

            @marked
            def name():
                pass

            def other():
                pass

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
                name = Column(String(name.length if hasattr(name, "length") else 5))
                other = Column(String(getattr(other, "length", 7)))
            """)

    def test_nothing_among_the_arguments_of_a_table(self):
        self.same("""
            Base = declarative_base()

            class User(Base):
                __tablename__ = "users"
                __table_args__ = (UniqueConstraint("name"), None)
                id = Column(Integer, primary_key=True)
                name = Column(Text)
            """)

    def test_a_column_is_not_true(self):
        self.same("""
            Base = declarative_base()

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
                on = Column(Boolean)
                name = Column(Text, server_default="a" if on is True else "b")
            """)

    def test_variables_that_are_not_set_have_their_defaults_where_that_is_declared(self):
        top = self.write(START + textwrap.dedent("""
            import os
            LENGTH = int(os.environ.get("NAME_LENGTH", 40))

            class User(declarative_base()):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
                name = Column(String(LENGTH))
                if os.getenv("WITH_AGE"):
                    age = Column(Integer)
            """), {}, {})
        arguments = ("print-models", "--models.path", str(top / "app"))
        result = driftd(*arguments)
        self.assertEqual(result.code, 1, result)
        self.assertIn("WITH_AGE", result.err)
        result = driftd(*arguments, "--environment-complete")
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertIn("VARCHAR(40)", result.out)
        self.assertNotIn("age", result.out)

    def test_options_for_the_database_of_a_configured_url(self):
        top = self.write(START + textwrap.dedent("""
            from urllib import parse
            from oslo_config import cfg
            CONF = cfg.CONF

            def options():
                if parse.urlparse(CONF.database.connection).scheme == "mysql":
                    return {"schema": "of_mysql"}
                return None

            Base = declarative_base()

            class User(Base):
                __tablename__ = "users"
                __table_args__ = options()
                id = Column(Integer, primary_key=True)
            """), {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertIn('CREATE TABLE "users"', result.out)

    def test_a_class_that_is_mapped_to_a_join_makes_no_table(self):
        self.same("""
            Base = declarative_base()

            class Public(Base):
                __tablename__ = "public_part"
                id = Column(Integer, primary_key=True)

            class Private(Base):
                __tablename__ = "private_part"
                of = Column(ForeignKey("public_part.id"), primary_key=True)

            class User(Base):
                __table__ = outerjoin(Public.__table__, Private.__table__)
                id = Public.__table__.c.id
            """, tables=2)

    def test_imports_begin_where_the_files_say_though_folders_above_are_packages(self):
        top = self.write("", {"inner/__init__.py": "", "inner/kinds.py": """
            import enum

            class Kind(enum.Enum):
                one = 1
            """, "inner/models.py": START + """
from inner.kinds import Kind

class User(declarative_base()):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    kind = Column(Enum(Kind))
"""}, {})
        result = driftd("print-models", "--models.path", str(top / "app" / "inner" / "models.py"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertIn("""CREATE TYPE "kind" AS ENUM ('one')""", result.out)

    def test_a_folder_that_is_called_as_a_library_is(self):
        top = self.write("", {"storage/__init__.py": "", "storage/sqlalchemy/__init__.py": "",
                              "storage/sqlalchemy/models.py": """
            import sqlalchemy
            from sqlalchemy.orm import declarative_base

            class Alarm(declarative_base()):
                __tablename__ = "alarm"
                id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
            """}, {})
        result = driftd("print-models", "--models.path",
                        str(top / "app" / "storage" / "sqlalchemy" / "models.py"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertIn('CREATE TABLE "alarm"', result.out)

    def test_a_file_that_is_hidden_by_another_of_its_name_is_told(self):
        declared = """
            from sqlalchemy import Column, Integer
            from sqlalchemy.orm import declarative_base

            class {0}(declarative_base()):
                __tablename__ = "{0}"
                id = Column(Integer, primary_key=True)
            """
        top = self.write("", {"one/tables.py": declared.format("One"),
                              "two/tables.py": declared.format("Two")}, {})
        files = ",".join(str(top / "app" / name / "tables.py") for name in ("one", "two"))
        empty = top / "empty.sql"
        empty.write_text("")
        result = driftd("diff", "models:" + files, empty, "--format", "json")
        report = result.json()["report"]
        self.assertEqual([f["object"]["identity"] for f in report["findings"]], ['public."One"'], result)
        self.assertIn("another one is the module", report["unread"][0]["message"], result)

    def test_table_arguments_that_are_gathered_from_mixins_by_dir(self):
        # As larger applications do: properties of the class itself, under private names.
        self.same("""
            class of_class(property):
                def __get__(self, obj, type=None):
                    return self.fget.__get__(None, type)()

            class of_class_only(of_class):
                def __get__(self, obj, type=None):
                    if obj is not None:
                        raise AttributeError("of the class only")
                    return super().__get__(obj, type)

            def gathered(cls):
                found, options = [], {}
                for name in dir(cls):
                    if not name.endswith("__table_parts"):
                        continue
                    part = getattr(cls, name)
                    if isinstance(part, dict):
                        options.update(part)
                    else:
                        found.extend(part)
                return (*found, options)

            class Named:
                name = Column(String(20))

                @of_class_only
                @classmethod
                def __table_parts(cls):
                    return (UniqueConstraint("name", name=f"uq_{cls.__tablename__}"),)

            class Counted:
                @of_class_only
                @staticmethod
                def __table_parts():
                    return (CheckConstraint("count > 0", name="positive"),)

                count = Column(Integer)

            Base = declarative_base()

            class Item(Named, Counted, Base):
                __tablename__ = "item"
                id = Column(Integer, primary_key=True)

                @of_class_only
                @staticmethod
                def __table_parts():
                    return {"comment": "things"}

                @declared_attr
                def __table_args__(cls):
                    return gathered(cls)
            """)

    def test_descriptors_in_a_model_are_no_columns(self):
        self.same("""
            from collections import namedtuple

            class Kept:
                def __set_name__(self, owner, name):
                    self.name = name
                def __get__(self, obj, owner=None):
                    return self if obj is None else obj.__dict__[self.name]
                def __set__(self, obj, value):
                    obj.__dict__[self.name] = value
                def __delete__(self, obj):
                    del obj.__dict__[self.name]

            class Colors(namedtuple("Colors", "text background")):
                pass

            class Item(declarative_base()):
                __tablename__ = "item"
                id = Column(Integer, primary_key=True)
                secret = Kept()
                colors = Colors("#000", "#fff")
                def _set(self, value):
                    self.id = value
                only_set = property(fset=_set)
                del _set
            Base = Item
            """)

    def test_the_name_of_a_table_by_its_class(self):
        self.same("""
            Base = declarative_base()

            class Named:
                @declared_attr
                def __tablename__(cls):
                    return cls.__name__.lower()
                @declared_attr
                def id_path(cls):
                    return f"{cls.__tablename__}.id"

            class Question(Named, Base):
                id = Column(Integer, primary_key=True)

            class Rating(Named, Base):
                id = Column(Integer, primary_key=True)
                question_id = Column(ForeignKey(f"{Question.__table__.fullname}.id"))
                of = Column(ForeignKey(Question.id_path))

            class Far(Base):
                __tablename__ = "far"
                __table_args__ = {"schema": "elsewhere"}
                id = Column(Integer, primary_key=True)

            class Near(Base):
                __tablename__ = "near"
                id = Column(Integer, primary_key=True)
                far = Column(ForeignKey(Far.__table__.fullname + ".id"))

            from sqlalchemy import event
            event.listen(Base.metadata, "before_create", DDL("CREATE SCHEMA IF NOT EXISTS elsewhere"))
            """, tables=4)

    def test_a_schema_that_is_given_to_the_metadata_later(self):
        self.same("""
            Base = declarative_base()
            Base.metadata.schema = "later"
            from sqlalchemy import event
            event.listen(Base.metadata, "before_create", DDL("CREATE SCHEMA IF NOT EXISTS later"))

            class Item(Base):
                __tablename__ = "item"
                id = Column(Integer, primary_key=True)
            """)

    def test_enums_that_are_numbers_themselves(self):
        self.same("""
            import enum
            try:
                from enum import ReprEnum
            except ImportError:
                class ReprEnum(enum.Enum):
                    def __format__(self, spec):
                        return format(self.value, spec)

            class Kind(int, ReprEnum):
                one = 1
                two = 2

            class Item(declarative_base()):
                __tablename__ = "item"
                id = Column(Integer, primary_key=True)
                kind = Column(Integer, CheckConstraint("kind IN ({})".format(
                    ", ".join(str(k.value) for k in Kind)), name="valid"))
                __table_args__ = (CheckConstraint("kind != {} OR id > 0".format(Kind.two), name="two"),)
            Base = Item
            """)

    def test_a_docstring_of_one_line_is_a_comment(self):
        self.same("""
            class Base:
                @declared_attr
                def __table_args__(cls):
                    return {"comment": cls.__doc__}
            Base = declarative_base(cls=Base)

            class Item(Base):
                \"\"\"What is sold\"\"\"
                __tablename__ = "item"
                id = Column(Integer, primary_key=True)

            class Order(Base):
                'What was ordered'
                __tablename__ = "order"
                id = Column(Integer, primary_key=True)
            """, tables=2)

    def test_columns_of_a_composite_have_the_types_of_its_data_class(self):
        top = self.write("""
            from dataclasses import dataclass
            from typing import Optional
            from sqlalchemy import String
            from sqlalchemy.orm import DeclarativeBase, Mapped, composite, mapped_column

            @dataclass
            class Point:
                x: float
                name: Optional[str]

            class Base(DeclarativeBase):
                pass

            class Vertex(Base):
                __tablename__ = "vertex"
                id: Mapped[int] = mapped_column(primary_key=True)
                start: Mapped[Point] = composite(mapped_column("x1"), mapped_column("name1", String(9)))
                end: Mapped[Point] = composite(mapped_column(), mapped_column())
            """, {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        for column in ('"x1" FLOAT NOT NULL', '"name1" VARCHAR(9),', '"x" FLOAT NOT NULL',
                       '"name" VARCHAR,'):
            self.assertIn(column, result.out)

    def test_the_naming_convention_of_flask_sqlalchemys_own_metadata(self):
        top = self.write("""
            from flask_sqlalchemy import SQLAlchemy
            from sqlalchemy.orm import declarative_base

            class Model:
                pass

            class Database(SQLAlchemy):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)

            db = Database(model_class=declarative_base(cls=Model, name="Model"))
            db.Model.metadata.naming_convention = {
                "ix": "ix_%(unique)s%(table_name)s_%(column_0_name)s",
                "unique": lambda constraint, table: "uq_" if constraint.unique else ""}

            class User(db.Model):
                __tablename__ = "users"
                id = db.Column(db.Integer, primary_key=True)
                name = db.Column(db.String, index=True)
                __table_args__ = (db.Index(None, "name", unique=True),)
            """, {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertIn('INDEX "ix_users_name"', result.out)
        self.assertIn('INDEX "ix_uq_users_name"', result.out)


if __name__ == "__main__":
    main()

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
                def __new__(cls, name, bases, attributes):
                    return super().__new__(cls, "App" + name, (Extra, *bases), attributes)

            class Extra:
                extra = Column(Integer)

            Base = declarative_base()

            class User(Base, metaclass=Prefixed):
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


    def test_concrete_tables_have_the_columns_of_an_abstract_base(self):
        self.same("""
            from sqlalchemy.ext.declarative import AbstractConcreteBase, ConcreteBase
            Base = declarative_base()

            class Log(AbstractConcreteBase, Base):
                id = Column(Integer, primary_key=True)
                text = Column(Text, nullable=False)

                @declared_attr
                def kind(cls):
                    return Column(String(9), index=True)

            class MainLog(Log):
                __tablename__ = "log_main"
                __mapper_args__ = {"concrete": True}
                more = Column(Integer)

            class OtherLog(Log):
                __tablename__ = "log_other"
                __mapper_args__ = {"concrete": True}

            class Person(ConcreteBase, Base):
                __tablename__ = "person"
                __mapper_args__ = {"concrete": True, "polymorphic_identity": "person"}
                id = Column(Integer, primary_key=True)
                name = Column(Text)

            class Worker(Person):
                __tablename__ = "worker"
                __mapper_args__ = {"concrete": True, "polymorphic_identity": "worker"}
                id = Column(Integer, primary_key=True)
                job = Column(Text)
            from sqlalchemy.orm import configure_mappers
            configure_mappers()
            """, tables=4)

    def test_an_attribute_that_a_model_does_not_have(self):
        self.same("""
            from sqlalchemy.orm import DeclarativeMeta, registry
            Base = declarative_base()

            class Stamped:
                @declared_attr
                def made(cls):
                    return Column(DateTime, index=getattr(cls, "index_made", True))

            class User(Stamped, Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)

            class Group(Stamped, Base):
                __tablename__ = "groups"
                index_made = False
                id = Column(Integer, primary_key=True)
                on = Column(Boolean, index=hasattr(User, "index_made"))
            """, tables=2)

    def test_a_metaclass_whose_work_is_seen(self):
        self.same("""
            from sqlalchemy.orm import DeclarativeMeta

            class Partitioned(DeclarativeMeta):
                def __new__(cls, name, bases, attributes, *, by=None, **more):
                    if by is not None:
                        attributes.update({
                            "__table_args__": attributes.get("__table_args__", ())
                            + ({"postgresql_partition_by": f"RANGE ({by})"},),
                            "parts": [],
                        })
                    return super().__new__(cls, name, bases, attributes)

                def __init__(cls, name, bases, attributes, **more):
                    super().__init__(name, bases, attributes)

            class Prefixed(DeclarativeMeta):
                def __init__(cls, name, bases, attributes):
                    if "__tablename__" in attributes:
                        cls.__tablename__ = "app_" + attributes["__tablename__"]
                        cls.more = Column(Integer)
                    super().__init__(name, bases, attributes)

            Base = declarative_base()
            Other = declarative_base(metadata=Base.metadata, metaclass=Prefixed)

            class Value(Base, metaclass=Partitioned, by="at"):
                __tablename__ = "value"
                __table_args__ = (Index("value_size", "size"),)
                at = Column(DateTime, primary_key=True)
                size = Column(Integer)

            class Plain(Base, metaclass=Partitioned):
                __tablename__ = "plain"
                id = Column(Integer, primary_key=True)

            class User(Other):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
            """, tables=3)

    def test_a_metaclass_that_renames_what_is_mapped_already_is_told(self):
        self.assertIn("the metaclass Late", self.unread("""
            from sqlalchemy.orm import DeclarativeMeta

            class Late(DeclarativeMeta):
                def __init__(cls, name, bases, attributes):
                    super().__init__(name, bases, attributes)
                    cls.__tablename__ = "late"

            class User(declarative_base(), metaclass=Late):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
            """))

    def test_a_model_made_by_a_call_of_a_metaclass_is_told(self):
        self.assertIn("by a call of a metaclass", self.unread("""
            from sqlalchemy.orm import DeclarativeMeta

            class Meta(DeclarativeMeta):
                pass

            Base = declarative_base()

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)

            Made = Meta("Made", (Base,), {"__tablename__": "made",
                                          "id": Column(Integer, primary_key=True)})
            """))

    def test_a_table_that_extends_another(self):
        self.same("""
            Base = declarative_base()

            pairs = Table("pairs", Base.metadata,
                          Column("a", Integer, primary_key=True),
                          Column("b", Integer, primary_key=True))

            class Pair(Base):
                __tablename__ = "pairs"
                __table_args__ = {"extend_existing": True}
                b = Column(BigInteger, primary_key=True)
                c = Column(Text)

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
                name = Column(String(9))

            class Again(Base):
                __tablename__ = "users"
                __table_args__ = {"extend_existing": True}
                id = Column(Integer, primary_key=True)
                name = Column(String(30), nullable=False)

            class Of(Base):
                __tablename__ = "of"
                id = Column(Integer, primary_key=True)
                again = Column(ForeignKey(Again.id))
            """, tables=3)

    def test_a_key_to_a_property_that_passes_a_column_on(self):
        self.same("""
            from sqlalchemy.ext.hybrid import hybrid_property
            Base = declarative_base()

            class Named:
                @declared_attr
                def _name(cls):
                    return Column("name", String(30), unique=True)

                @hybrid_property
                def name(self):
                    return self._name

                @name.setter
                def name(self, value):
                    self._name = value.lower()

            class User(Named, Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)

            class Token(Base):
                __tablename__ = "token"
                id = Column(Integer, primary_key=True)
                user_name = Column(String(30), ForeignKey(User.name))
            """, tables=2)

    def test_a_constraint_with_a_rule_of_when_it_is_made(self):
        self.same("""
            class User(declarative_base()):
                __tablename__ = "users"
                __table_args__ = (
                    CheckConstraint("id > 0", name="here",
                                    _create_rule=lambda c: c.dialect.name == "postgresql"),
                    CheckConstraint("id IS JSON", name="there",
                                    _create_rule=lambda c: c.dialect.name == "oracle"))
                id = Column(Integer, primary_key=True)
            Base = User
            """)

    def test_a_key_to_a_model_that_is_not_read_is_left_out(self):
        text = START + textwrap.dedent("""
            from somewhere import column
            Base = declarative_base()

            class Unread(Base):
                __tablename__ = "unread"
                id = Column(Integer, primary_key=True)
                x = column()

            class Read(Base):
                __tablename__ = "read"
                id = Column(Integer, primary_key=True)
                unread_id = Column(Integer, ForeignKey(Unread.id))
            """)
        top = self.write(text, {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual(result.code, 1, result)
        self.assertIn('CREATE TABLE "read"', result.out)
        self.assertNotIn("REFERENCES", result.out)
        self.assertNotIn("table read", result.err)

    def test_a_file_that_goes_by_two_names_is_one_module(self):
        top = self.write("", {"parts/one.py": START + """
Base = declarative_base()

class User(Base):
    __tablename__ = "users"
    id = Column(BigInteger, primary_key=True)
""", "two.py": """
            from sqlalchemy import Column, ForeignKey, Integer
            from app.parts.one import Base, User

            class Owned(Base):
                __tablename__ = "owned"
                id = Column(Integer, primary_key=True)
                user_id = Column(ForeignKey(User.id))
            """}, {})
        empty = top / "empty.sql"
        empty.write_text("")
        result = driftd("diff", f"models:{top}/app/parts/one.py,{top}/app/two.py", empty,
                        "--format", "json")
        report = result.json()["report"]
        self.assertEqual(report["unread"], [], result)
        self.assertEqual({f["object"]["identity"] for f in report["findings"]},
                         {"public.users", "public.owned"}, result)


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


    def test_a_type_that_its_own_init_settles(self):
        self.same(self.BASE + """
        class Short(TypeDecorator):
            impl = String
            def __init__(self, *args, **kwargs):
                super().__init__(length=20)

        class ByName(TypeDecorator):
            impl = Numeric
            def __init__(self, scale):
                self.scale = scale
                TypeDecorator.__init__(self, 9, scale)

        class Chosen(TypeDecorator):
            impl = Text
            def __init__(self, kind):
                self.kind = kind
                self.impl = Enum(*[k.name for k in kind], name="kind_" + kind.__name__.lower())

        class Own(String):
            def __init__(self):
                super().__init__(12)

        class Inner(TypeDecorator):
            impl = String
            def __init__(self, length=7):
                super().__init__(length)

        class Outer(TypeDecorator):
            impl = Inner

        class Passing(TypeDecorator):
            impl = Inner

        class Kind(enum.Enum):
            one = 1
            two = 2

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            short = Column(Short)
            shorter = Column(Short(5))
            number = Column(ByName(2))
            chosen = Column(Chosen(Kind))
            own = Column(Own)
            outer = Column(Outer)
            passing = Column(Passing(11))
        """)

    def test_a_type_that_asks_itself_for_the_dialects_type(self):
        self.same(self.BASE + """
        from sqlalchemy.dialects import postgresql

        class Sized(TypeDecorator):
            impl = String
            def load_dialect_impl(self, dialect):
                if dialect.name == "mysql":
                    return dialect.type_descriptor(Text())
                return super().load_dialect_impl(dialect)

        class Given(TypeDecorator):
            impl = String
            def __init__(self, native, *args):
                super().__init__(*args)
                self.native = native
            def load_dialect_impl(self, dialect):
                if self.native and dialect.name == "postgresql":
                    return dialect.type_descriptor(postgresql.UUID())
                return dialect.type_descriptor(self.impl)

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            sized = Column(Sized(30))
            native = Column(Given(True))
            not_native = Column(Given(False, 40))
        """)

    def test_a_type_whose_init_is_not_understood_is_told(self):
        self.assertIn("somewhere.length", self.unread(self.BASE + """
        from somewhere import length

        class Odd(TypeDecorator):
            impl = String
            def __init__(self):
                super().__init__(length())

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            odd = Column(Odd)
        """))

    def test_types_that_are_objects_already(self):
        self.same(self.BASE + """
        from sqlalchemy.types import STRINGTYPE

        class Named(TypeDecorator):
            impl = STRINGTYPE

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            name = Column(Named)
        """)

    def test_the_texts_of_a_literal(self):
        self.same(self.BASE + """
        from typing import Literal, get_args
        More = Literal["c"]
        Kind = Literal["a", "b", More]

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            kind = Column(Enum(*get_args(Kind), name="kind"))
        """)

    def test_json_that_notes_its_changes(self):
        top = self.write("""
            from sqlalchemy import Column, Integer
            from sqlalchemy.dialects.postgresql import JSONB
            from sqlalchemy.orm import declarative_base
            from sqlalchemy_json import mutable_json_type

            class User(declarative_base()):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
                info = Column(mutable_json_type(dbtype=JSONB, nested=True), nullable=False)
            """, {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        self.assertIn('"info" JSONB NOT NULL', result.out)


class Newer(Constructs):
    """What SQLAlchemy 2 takes; the tests' own is older."""

    def read(self, text, *arguments):
        top = self.write("""
            from typing import Annotated, Literal, Optional
            from sqlalchemy import Column, Integer, String, Text
            from sqlalchemy.orm import (DeclarativeBase, Mapped, MappedColumn, declared_attr,
                                        mapped_column)
            """ + text, {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"), *arguments)
        self.assertEqual((result.code, result.err), (0, ""), result)
        return result.out

    def test_what_a_declared_attr_returns_is_its_annotation(self):
        read = self.read("""
            class Base(DeclarativeBase):
                pass

            class Mixed:
                @declared_attr
                def needed(cls) -> Mapped[str]:
                    return mapped_column(String(3))

                @declared_attr
                def typed(cls) -> Mapped[Optional[int]]:
                    return mapped_column()

                @declared_attr
                def by_class(cls) -> MappedColumn[str]:
                    return mapped_column(Text)

                @declared_attr
                def older(cls) -> Mapped[str]:
                    return Column(Text)

                @declared_attr
                def not_said(cls):
                    return mapped_column(Text)

            class User(Mixed, Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                plain: Mapped[str] = Column(String(5))
            """)
        for column in ('"needed" VARCHAR(3) NOT NULL', '"typed" INTEGER,', '"by_class" TEXT NOT NULL',
                       '"older" TEXT,', '"not_said" TEXT,', '"plain" VARCHAR(5),'):
            self.assertIn(column, read)

    def test_unions_and_generics_are_values(self):
        read = self.read("""
            from sqlalchemy.dialects.postgresql import HSTORE, JSON, JSONB
            scalars = str | int | None
            flat = dict[str, scalars]
            texts = dict[str, str]
            anything = dict[str, "Any"]
            made = dict[str, int](a=1)
            type Named = str

            class Words(list[str]):
                pass

            class Base(DeclarativeBase):
                type_annotation_map = {flat: JSONB, texts: HSTORE, dict: JSON, Named: Text}

            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                flat: Mapped[flat]
                texts: Mapped[texts]
                anything: Mapped[anything]
                either: Mapped[int | None]
                sized: Mapped[str] = mapped_column(String(len(Words(["a", "b"])) + made["a"]))
                named: Mapped[Named]
            """)
        for column in ('"flat" JSONB NOT NULL', '"texts" HSTORE NOT NULL',
                       '"anything" JSON NOT NULL', '"either" INTEGER,', '"sized" VARCHAR(3)',
                       '"named" TEXT NOT NULL'):
            self.assertIn(column, read)

    def test_parameters_of_types_and_names_for_types(self):
        read = self.read("""
            type Name = str
            type Short = str
            type Maybe = int | None
            type Kind = Literal["a", "b"]
            type Key = Annotated[int, mapped_column(primary_key=True)]

            class Base(DeclarativeBase):
                type_annotation_map = {Short: String(8)}

            class Mixin[T: Base, *Ts]:
                made: Mapped[int]

                def give[U](self, value: U) -> T:
                    return value

            class Deep[T](Mixin[T], Base):
                __abstract__ = True

            class User(Deep["User"]):
                __tablename__ = "users"
                id: Mapped[Key]
                name: Mapped[Name]
                short: Mapped[Short]
                maybe: Mapped[Maybe]
                kind: Mapped[Kind | None]
            """)
        for column in ('"id" SERIAL NOT NULL', '"name" VARCHAR NOT NULL',
                       '"short" VARCHAR(8) NOT NULL', '"maybe" INTEGER,', '"made" INTEGER NOT NULL',
                       '"kind" VARCHAR(1),'):
            self.assertIn(column, read)


class Python(Constructs):
    def test_the_attributes_of_a_class_as_a_dict(self):
        self.same("""
            def counted(cls):
                own = [name for name, value in vars(cls).items() if isinstance(value, Column)]
                cls.size = Column(String(len(own)))
                cls.more = "as_dict" in vars(cls)
                return cls

            class Base:
                def as_dict(self):
                    return {}

            @counted
            class Stored(Base):
                a = Column(Integer)
                b = Column(Integer)

            class User(Stored, declarative_base()):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
                name = Column(String(30 if Stored.more else 40))
            Base = User
            """)

    def test_a_dict_with_its_own_way_of_giving_items(self):
        self.same("""
            class Config(dict):
                def __init__(self, values):
                    dict.__init__(self, values)
                    self.update({"more": {"size": 9}})

                def __getitem__(self, key):
                    value = self
                    for part in key.split("."):
                        value = dict.__getitem__(value, part)
                    return value

                def get(self, key, default=None):
                    try:
                        return self.__getitem__(key)
                    except KeyError:
                        return default

            config = Config({"name": {"size": 7}})

            class User(declarative_base()):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
                name = Column(String(config["name.size"]))
                more = Column(String(config.get("more.size", 3)))
                other = Column(String(config.get("other.size", 4)))
            Base = User
            """)

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

    def test_what_an_own_class_of_flask_sqlalchemys_object_gives(self):
        top = self.write("""
            from flask_sqlalchemy import SQLAlchemy as Library
            from sqlalchemy import Column, DateTime, MetaData, util
            from sqlalchemy.types import TypeDecorator

            class Moment(TypeDecorator):
                impl = DateTime(timezone=True)

            class Stamped:
                made = Column(Moment, nullable=False)

            class SQLAlchemy(Library):
                def __getattr__(self, name):
                    if name == "Moment":
                        return Moment
                    if name == "Stamped":
                        return Stamped
                    return super().__getattr__(name)

            db = SQLAlchemy(metadata=MetaData(naming_convention=util.immutabledict(
                {"pk": "key_of_%(table_name)s"})))

            class User(db.Model, db.Stamped):
                id = db.Column(db.Integer, primary_key=True)
                seen = db.Column(db.Moment)
            """, {}, {})
        result = driftd("print-models", "--models.path", str(top / "app"))
        self.assertEqual((result.code, result.err), (0, ""), result)
        for part in ('"seen" TIMESTAMP WITH TIME ZONE,', 'CONSTRAINT "key_of_user"',
                     '"made" TIMESTAMP WITH TIME ZONE NOT NULL'):
            self.assertIn(part, result.out)

    def test_a_base_that_sqlalchemy_does_not_have_is_told(self):
        self.assertIn("inherits from sqlalchemy.Stamped", self.unread("""
            from flask_sqlalchemy import SQLAlchemy
            db = SQLAlchemy()

            class User(db.Model, db.Stamped):
                __tablename__ = "users"
                id = db.Column(db.Integer, primary_key=True)
            """))

    def test_functions_that_migrations_make_are_there_for_the_models(self):
        top = self.write(START + textwrap.dedent("""
            Base = declarative_base()

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True, server_default=text("next_number(3)"),
                            autoincrement=False)
                name = Column(String, index=False)
                __table_args__ = (Index("by_plain_name", text("app.plain(name)")),)

            class Other(Base):
                __tablename__ = "others"
                id = Column(Integer, primary_key=True, server_default=text("nobody_knows()"),
                            autoincrement=False)
            """), {}, {})
        migrated = top / "migrated.sql"
        migrated.write_text(textwrap.dedent("""
            CREATE SCHEMA app;
            CREATE FUNCTION next_number(step integer DEFAULT 1) RETURNS integer LANGUAGE sql
              AS 'SELECT step';
            CREATE FUNCTION app.plain(value character varying) RETURNS text LANGUAGE sql IMMUTABLE
              AS 'SELECT lower(value)';
            CREATE TABLE users (id integer DEFAULT next_number(3) PRIMARY KEY, name varchar);
            CREATE INDEX by_plain_name ON users (app.plain(name));
            """))
        result = driftd("diff", f"models:{top / 'app'}", migrated, "--format", "json")
        report = result.json()["report"]
        self.assertEqual([u["table"] for u in report["unread"]], ["others"], result)
        self.assertEqual(report["findings"], [], result)

    def test_the_columns_of_a_table_that_a_view_selects(self):
        self.same("""
            class Named:
                @declared_attr
                def __tablename__(cls):
                    return cls.__name__.lower()

            Base = declarative_base(cls=Named)

            class User(Base):
                id = Column(Integer, primary_key=True)
                name = Column(Text)

            def view(metadata, selected):
                return {"metadata": metadata, "selected": selected}

            shown = view(Base.metadata, select(*User.__table__.columns))
            """)

    def test_metadata_among_the_arguments_and_no_type(self):
        self.same("""
            Base = declarative_base()

            class User(Base):
                __tablename__ = "users"
                __table_args__ = (Base.metadata, {"comment": "of people"})
                id = Column(BigInteger, primary_key=True)

            owned = Table("owned", Base.metadata,
                          Column("id", Integer, primary_key=True),
                          Column("user_id", None, ForeignKey(User.id), nullable=False))
            """, tables=2)

    def test_a_sequence_in_a_schema_of_its_own(self):
        top = self.write(START + textwrap.dedent("""
            Base = declarative_base()
            numbers = Sequence("numbers", metadata=Base.metadata, schema="counts")

            class User(Base):
                __tablename__ = "users"
                id = Column(Integer, primary_key=True)
            """), {}, {})
        empty = top / "empty.sql"
        empty.write_text("")
        result = driftd("diff", f"models:{top / 'app'}", empty, "--format", "json")
        names = {f["object"]["identity"] for f in result.json()["report"]["findings"]}
        self.assertIn("counts", names, result)
        self.assertEqual(result.json()["report"]["unread"], [], result)


if __name__ == "__main__":
    main()

import datetime
import enum
import re
import uuid

from sqlalchemy import Column, DateTime, Integer, MetaData, String, func, text
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.orm import declarative_base
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator, UserDefinedType

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)
Base = declarative_base(metadata=metadata)
# Of another metadata, with a schema and PostgreSQL's own names.
Archive = declarative_base(metadata=MetaData(schema="archive"))


class utcnow(FunctionElement):
    type = DateTime()
    inherit_cache = True


@compiles(utcnow)
def anywhere(element, compiler, **kw):
    return "CURRENT_TIMESTAMP"


@compiles(utcnow, "postgresql")
def on_postgresql(element, compiler, **kw):
    return "TIMEZONE('utc', CURRENT_TIMESTAMP)"


class Money(TypeDecorator):
    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return str(value)


class Document(TypeDecorator):
    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(String())


class CaseInsensitive(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return "CITEXT"


class Level(enum.Enum):
    low = 1
    high = 2


class Colour(str, enum.Enum):
    RED = "red"
    GREEN = "green"


def values(of):
    return [member.value for member in of]


class Identified:
    id = Column(Integer, primary_key=True)


class ByUuid:
    id = Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4,
                server_default=text("gen_random_uuid()"))


class Dated:
    created_at = Column(DateTime(timezone=True), nullable=False, server_default=func.now())
    updated_at = Column(DateTime, onupdate=datetime.datetime.utcnow, server_default=utcnow())


class Named:
    @declared_attr
    def __tablename__(cls):
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Noted:
    note = Column(String(200), index=True)

    @declared_attr
    def slug(cls):
        return Column("slug_" + cls.__name__.lower(), String(50), unique=True)

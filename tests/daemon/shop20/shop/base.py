from __future__ import annotations

import datetime
import decimal
import enum
import re
import uuid
from typing import Annotated, Any, Optional

from sqlalchemy import Enum, FetchedValue, Integer, MetaData, Numeric, String, func, text
from sqlalchemy.dialects.postgresql import CITEXT, JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import DateTime, TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)

IntKey = Annotated[int, mapped_column(primary_key=True)]
Short = Annotated[str, 10]
Thirty = Annotated[str, mapped_column(String(30))]
Email = Annotated[str, "email"]


class Colour(str, enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.Enum):
    low = 1
    high = 2


def values(of):
    return [member.value for member in of]


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {
        dict[str, Any]: JSONB,
        Short: String(10),
        Email: CITEXT(),
        datetime.datetime: DateTime(timezone=True),
        Colour: Enum(Colour, values_callable=values, name="colours"),
    }


class Archive(DeclarativeBase):
    registry = registry(metadata=MetaData(schema="archive"), type_annotation_map={str: String(10)})


class utcnow(FunctionElement[datetime.datetime]):
    type = DateTime()
    inherit_cache = True


@compiles(utcnow, "sqlite", "postgresql")
def somewhere(element, compiler, **kw):
    zone = "utc"
    return f"TIMEZONE('{zone}', CURRENT_TIMESTAMP)"


class Money(TypeDecorator[decimal.Decimal]):
    impl = String(20)
    cache_ok = True


class Document(TypeDecorator):
    impl = JSONB
    cache_ok = True


class Identified:
    id: Mapped[IntKey]


class ByUuid:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4,
                                          server_default=text("gen_random_uuid()"))


class Dated:
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[Optional[datetime.datetime]] = mapped_column(
        DateTime, onupdate=datetime.datetime.utcnow, server_default=utcnow(),
        server_onupdate=FetchedValue())


class Named:
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.compile(r"(?<!^)(?=[A-Z])").sub("_", cls.__name__).lower()


class Noted:
    note: Mapped[str | None] = mapped_column(String(200), index=True)

    @declared_attr
    def slug(cls) -> Mapped[str | None]:
        return mapped_column("slug_" + cls.__name__.lower(), String(50), unique=True)

"""Types and helpers of an application, as migrations import them."""
import enum

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


class Role(enum.Enum):
    buyer = "buyer"
    seller = "seller"


class GUID(sa.types.TypeDecorator):
    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(sa.CHAR(32))


class Short(sa.types.TypeDecorator):
    impl = sa.String
    cache_ok = True


class Euro(sa.types.UserDefinedType):
    def get_col_spec(self, **kw):
        return "numeric(12, 2)"


def has_column(table, column):
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return any(c["name"] == column for c in columns)


def add_once(table, column):
    if not has_column(table, column.name):
        op.add_column(table, column)

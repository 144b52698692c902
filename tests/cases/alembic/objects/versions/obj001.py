"""What SQLAlchemy's objects say of themselves"""
import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.mutable import Mutable, MutableDict

revision = "obj001"
down_revision = None

meta = sa.MetaData(naming_convention={"fk": "fk_%(table_name)s_%(column_0_name)s"})
state = sa.Enum("open", "shut", name="state")
settings = json.loads('{"length": 40, "columns": ["a", "b"]}')


class Watched(Mutable, list):
    @classmethod
    def coerce(cls, key, value):
        return value


def json_type():
    return Watched.as_mutable(postgresql.JSONB)


def upgrade():
    state.dialect_impl(op.get_bind().dialect).create(op.get_bind(), checkfirst=True)
    op.create_table(
        "doors",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", postgresql.ENUM(name="state", create_type=False)),
        sa.Column("extra", json_type()),
        sa.Column("more", MutableDict.as_mutable(postgresql.JSONB)),
        *[sa.Column(name, sa.String(settings["length"])) for name in settings["columns"]],
    )
    op.create_table(
        "keys", sa.Column("id", sa.Integer, primary_key=True), sa.Column("door", sa.Integer)
    )
    op.create_foreign_key(
        meta.naming_convention["fk"] % {"table_name": "keys", "column_0_name": "door"},
        "keys", "doors", ["door"], ["id"], ondelete="CASCADE", deferrable=True,
    )
    op.execute("INSERT INTO doors (id, a) VALUES (1, '{0}')".format(sa.func.now()))
    # Keywords that Alembic takes and does nothing with, and a column in place of its name.
    op.alter_column("doors", "a", type_=sa.Text(), default="x", unique=True)
    op.alter_column("doors", sa.Column("b", sa.String(200), nullable=False))

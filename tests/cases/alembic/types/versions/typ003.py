"""enumerations"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "typ003"
down_revision = "typ002"
branch_labels = None
depends_on = None

import enum


class Color(enum.Enum):
    RED = "r"
    GREEN = "g"



def upgrade():
    op.create_table("y_enum", sa.Column("a", sa.Enum("x", "it's", name="y_state")), sa.Column("b", sa.Enum(Color)), sa.Column("c", sa.Enum(Color, name="y_color", values_callable=lambda e: [m.value for m in e])), sa.Column("d", sa.Enum("aa", "bbb", native_enum=False)), sa.Column("e", sa.Enum("u", "v", native_enum=False, create_constraint=True, name="ck_e")), sa.Column("f", sa.ARRAY(sa.Enum("k", "l", name="y_arr"))), sa.Column("g", sa.Enum("m", native_enum=False, length=20)))
    op.create_table("y_enum2", sa.Column("a", postgresql.ENUM("x", "it's", name="y_state", create_type=False), server_default="x"))


def downgrade():
    raise NotImplementedError

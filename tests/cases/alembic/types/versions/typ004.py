"""enumerations by hand"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "typ004"
down_revision = "typ003"
branch_labels = None
depends_on = None


def upgrade():
    y_kind = postgresql.ENUM("a", "b", name="y_kind")
    y_kind.create(op.get_bind(), checkfirst=True)
    op.add_column("y_enum2", sa.Column("kind", postgresql.ENUM("a", "b", name="y_kind"), nullable=False, server_default="a"))
    sa.Enum("one", "two", name="y_num").create(op.get_bind())
    op.add_column("y_enum2", sa.Column("num", sa.Enum("one", "two", name="y_num")))
    sa.Enum(name="y_color").drop(op.get_bind(), checkfirst=True) if False else None
    op.add_column("y_enum2", sa.Column("soft", sa.Enum("one", "two", name="ck_soft", native_enum=False, create_constraint=True)))
    op.execute("ALTER TYPE y_kind RENAME TO y_kind2")
    postgresql.ENUM(name="y_gone").drop(op.get_bind(), checkfirst=True)


def downgrade():
    raise NotImplementedError

"""variants, schemas of enumerations, the same type twice"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "typ005"
down_revision = "typ004"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE SCHEMA yapp")
    op.create_table("y_var", sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True), sa.Column("j", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")), sa.Column("e", sa.Enum("q", name="y_far", schema="yapp")), sa.Column("f", sa.Enum("q", name="y_inh", inherit_schema=True)), schema="yapp")
    op.create_table("y_again", sa.Column("e", sa.Enum("x", "it's", name="y_state")))


def downgrade():
    raise NotImplementedError

"""the base"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "con001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("k", *[sa.Column(n, sa.Integer) for n in ("a", "b", "c", "d")], sa.Column("s", sa.String), sa.Column("at", sa.DateTime), sa.Column("r", postgresql.TSTZRANGE))
    op.create_table("k_ref", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String, unique=True))
    op.execute("CREATE SCHEMA kapp")
    op.create_table("k_far", sa.Column("id", sa.Integer, primary_key=True), schema="kapp")


def downgrade():
    raise NotImplementedError

"""inline constraints and their implicit names"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab008"
down_revision = "tab007"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t_inline", sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0"), unique=True), sa.Column("b", sa.Integer, sa.CheckConstraint("b > 0", name="b_positive")), sa.CheckConstraint("a < b"), sa.CheckConstraint("a <> 5 AND b <> 6"), sa.UniqueConstraint("a", "b"), sa.UniqueConstraint("b", name="uq_b", deferrable=True, initially="DEFERRED"), sa.Index("ix_expr", sa.text("lower(a::text)")), sa.Index("ix_b", "b", unique=True))


def downgrade():
    raise NotImplementedError

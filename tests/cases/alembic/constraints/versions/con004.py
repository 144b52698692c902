"""exclusion"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "con004"
down_revision = "con003"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_exclude_constraint("ex_k", "k", (sa.column("a"), "="), ("r", "&&"), where=sa.text("a > 0"), using="gist")
    op.create_table("k_ex", sa.Column("a", sa.Integer), sa.Column("r", postgresql.INT4RANGE()), postgresql.ExcludeConstraint(("r", "&&"), (sa.column("a"), "="), name="ex_inline", using="gist", where="a IS NOT NULL"))


def downgrade():
    raise NotImplementedError

"""the base"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "col001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("c", sa.Column("id", sa.Integer, primary_key=True), sa.Column("old", sa.String(10)), sa.Column("num", sa.String), sa.Column("flag", sa.Boolean))
    op.create_table("c_ref", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("c_seq", sa.Column("id", sa.Integer, primary_key=True), sa.Column("i", sa.Integer, sa.Identity(), nullable=False), sa.Column("j", sa.Integer, nullable=False))


def downgrade():
    raise NotImplementedError

"""rename and drop"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab004"
down_revision = "tab003"
branch_labels = None
depends_on = None


def upgrade():
    op.rename_table("t_text", "t_text2")
    op.create_table("t_gone", sa.Column("id", sa.Integer))
    op.drop_table("t_gone")
    op.rename_table("order", "orders", schema="tapp")


def downgrade():
    raise NotImplementedError

"""one branch"""
import sqlalchemy as sa
from alembic import op

revision = "b2a1c3d2e4b5"
down_revision = "a1f0c3d2e4b5"
depends_on = None
branch_labels = ("left",)


def upgrade():
    op.add_column("root", sa.Column("by_left", sa.Integer))
    op.create_table("left_side", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    pass

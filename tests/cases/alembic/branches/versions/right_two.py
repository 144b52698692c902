"""needs the left branch"""
import sqlalchemy as sa
from alembic import op

revision = "d4c3c3d2e4b5"
down_revision = "c3b2c3d2e4b5"
depends_on = "b2a1c3d2e4b5"
branch_labels = None


def upgrade():
    op.add_column("left_side", sa.Column("by_right", sa.Integer))


def downgrade():
    pass

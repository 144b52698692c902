"""a merge"""
import sqlalchemy as sa
from alembic import op

revision = "e5d4c3d2e4b5"
down_revision = ("b2a1c3d2e4b5", "d4c3c3d2e4b5")
depends_on = None
branch_labels = None


def upgrade():
    op.create_index("ix_merged", "left_side", ["by_right"])


def downgrade():
    pass

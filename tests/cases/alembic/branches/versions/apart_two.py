"""its head"""
import sqlalchemy as sa
from alembic import op

revision = "07f6c3d2e4b5"
down_revision = "f6e5c3d2e4b5"
depends_on = None
branch_labels = None


def upgrade():
    op.drop_index("ix_merged", "left_side")


def downgrade():
    pass

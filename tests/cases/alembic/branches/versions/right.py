"""the other branch"""
import sqlalchemy as sa
from alembic import op

revision = "c3b2c3d2e4b5"
down_revision = "a1f0c3d2e4b5"
depends_on = None
branch_labels = ["right"]


def upgrade():
    op.add_column("root", sa.Column("by_right", sa.Integer))


def downgrade():
    pass

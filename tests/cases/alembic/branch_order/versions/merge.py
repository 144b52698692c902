"""a merge that names its branches in an order of its own"""
import sqlalchemy as sa
from alembic import op

revision = "50ee4e5f6071"
down_revision = ("20bb4e5f6071", "21dd4e5f6071", "31cc4e5f6071")
depends_on = None
branch_labels = None


def upgrade():
    op.add_column("steps", sa.Column("merged", sa.Integer))


def downgrade():
    pass

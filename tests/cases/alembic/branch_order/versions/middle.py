"""a branch of two"""
import sqlalchemy as sa
from alembic import op

revision = "30cc4e5f6071"
down_revision = "10aa4e5f6071"
depends_on = None
branch_labels = None


def upgrade():
    op.add_column("steps", sa.Column("middle", sa.Integer))


def downgrade():
    pass

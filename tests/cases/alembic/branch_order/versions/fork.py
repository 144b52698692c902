"""a branch after the merge"""
import sqlalchemy as sa
from alembic import op

revision = "62ff4e5f6071"
down_revision = "50ee4e5f6071"
depends_on = None
branch_labels = None


def upgrade():
    op.add_column("steps", sa.Column("fork", sa.Integer))


def downgrade():
    pass

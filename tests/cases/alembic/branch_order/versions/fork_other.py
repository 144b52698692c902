"""the other one"""
import sqlalchemy as sa
from alembic import op

revision = "61ff4e5f6071"
down_revision = "50ee4e5f6071"
depends_on = None
branch_labels = None


def upgrade():
    op.add_column("steps", sa.Column("fork_other", sa.Integer))


def downgrade():
    pass

"""their merge"""
import sqlalchemy as sa
from alembic import op

revision = "70ab4e5f6071"
down_revision = ("61ff4e5f6071", "62ff4e5f6071")
depends_on = None
branch_labels = None


def upgrade():
    op.add_column("steps", sa.Column("joined", sa.Integer))


def downgrade():
    pass

"""the root"""
import sqlalchemy as sa
from alembic import op

revision = "10aa4e5f6071"
down_revision = None
depends_on = None
branch_labels = None


def upgrade():
    op.create_table("steps", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    pass

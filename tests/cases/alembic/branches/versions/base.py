"""the root"""
import sqlalchemy as sa
from alembic import op

revision = "a1f0c3d2e4b5"
down_revision = None
depends_on = None
branch_labels = None


def upgrade():
    op.create_table("root", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    pass

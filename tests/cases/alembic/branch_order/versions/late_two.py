"""its tip needs the middle of another branch"""
import sqlalchemy as sa
from alembic import op

revision = "21dd4e5f6071"
down_revision = "40dd4e5f6071"
depends_on = "30cc4e5f6071"
branch_labels = None


def upgrade():
    op.add_column("steps", sa.Column("late_two", sa.Integer))


def downgrade():
    pass

"""a base of its own that needs the merge"""
import sqlalchemy as sa
from alembic import op

revision = "f6e5c3d2e4b5"
down_revision = None
depends_on = ["left", "e5d4c3d2e4b5"]
branch_labels = ("apart",)


def upgrade():
    op.create_table(
        "apart",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("left_id", sa.Integer, sa.ForeignKey("left_side.id")),
    )


def downgrade():
    pass

"""create users"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade() -> None:
    op.create_table("users", sa.Column("id", sa.Integer(), nullable=False),
                    sa.PrimaryKeyConstraint("id"))
    with op.batch_alter_table("users", schema=None) as batch:
        batch.add_column(sa.Column("name", sa.String(length=40), server_default=sa.text("'x'")))

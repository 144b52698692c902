"""Types of the application"""
import sqlalchemy as sa
from alembic import op

from bazaar.types import GUID, Euro, Role, Short

revision = "wil001"
down_revision = None


def upgrade():
    op.create_table(
        "account",
        sa.Column("id", GUID(), primary_key=True),
        sa.Column("name", Short(40), nullable=False),
        sa.Column("role", sa.Enum(Role, name="role"), nullable=False),
        sa.Column("balance", Euro(), server_default="0"),
        sa.Column("name", sa.Text(), nullable=True),
    )
    op.create_table("empty", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("note", sa.Text(), index=True))

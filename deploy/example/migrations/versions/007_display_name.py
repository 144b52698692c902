"""full_name becomes display_name

Revision ID: 007
Revises: 006
Create Date: 2026-05-06 13:33:58.120007
"""

from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("users", "full_name", new_column_name="display_name")


def downgrade() -> None:
    op.alter_column("users", "display_name", new_column_name="full_name")

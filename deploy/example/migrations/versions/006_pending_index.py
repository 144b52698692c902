"""an index for the settlement job

Revision ID: 006
Revises: 005
Create Date: 2026-04-21 11:17:29.664501
"""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_transactions_pending",
        "transactions",
        ["account_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_transactions_pending",
        table_name="transactions",
        postgresql_where=sa.text("status = 'pending'"),
    )

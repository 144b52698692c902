"""transactions have a status

Revision ID: 004
Revises: 003
Create Date: 2026-03-19 16:22:10.907114
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

STATUSES = ("pending", "settled", "failed", "cancelled")


def upgrade() -> None:
    labels = ", ".join(f"'{status}'" for status in STATUSES)
    op.execute(f"CREATE TYPE transaction_status AS ENUM ({labels})")
    op.add_column(
        "transactions",
        sa.Column(
            "status",
            postgresql.ENUM(*STATUSES, name="transaction_status", create_type=False),
            server_default="pending",
            nullable=False,
        ),
    )
    # What was booked before this revision has long been settled.
    op.execute(sa.text("UPDATE transactions SET status = 'settled'"))


def downgrade() -> None:
    op.drop_column("transactions", "status")
    op.execute("DROP TYPE transaction_status")

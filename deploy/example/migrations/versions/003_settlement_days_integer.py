"""settlement days are a number

Revision ID: 003
Revises: 002
Create Date: 2026-03-02 10:05:31.200418
"""

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # People typed "T+2" as well as "2".
    op.execute("UPDATE brokers SET settlement_days = replace(settlement_days, 'T+', '')")
    op.alter_column(
        "brokers",
        "settlement_days",
        existing_type=sa.String(length=8),
        type_=sa.Integer(),
        existing_nullable=False,
        postgresql_using="settlement_days::integer",
    )


def downgrade() -> None:
    op.alter_column(
        "brokers",
        "settlement_days",
        existing_type=sa.Integer(),
        type_=sa.String(length=8),
        existing_nullable=False,
        postgresql_using="settlement_days::varchar",
    )

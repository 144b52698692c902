"""the old CRM is gone

Revision ID: 011
Revises: 010
Create Date: 2026-07-14 17:02:33.591128
"""

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("uq_users_legacy_crm_id"), "users", type_="unique")
    op.drop_column("users", "legacy_crm_id")


def downgrade() -> None:
    op.add_column("users", sa.Column("legacy_crm_id", sa.Integer(), nullable=True))
    op.create_unique_constraint(op.f("uq_users_legacy_crm_id"), "users", ["legacy_crm_id"])

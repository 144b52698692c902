"""amounts that cannot be negative

Revision ID: 005
Revises: 004
Create Date: 2026-04-08 08:51:47.330265
"""

from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None

NOT_NEGATIVE = [
    ("positions", "quantity"),
    ("positions", "average_cost"),
    ("transactions", "fee"),
]


def constraint_name(table: str, column: str) -> str:
    return op.f(f"ck_{table}_{column}_not_negative")


def upgrade() -> None:
    for table, column in NOT_NEGATIVE:
        op.create_check_constraint(constraint_name(table, column), table, f"{column} >= 0")


def downgrade() -> None:
    for table, column in reversed(NOT_NEGATIVE):
        op.drop_constraint(constraint_name(table, column), table, type_="check")

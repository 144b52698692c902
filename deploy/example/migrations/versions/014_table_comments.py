"""say what the tables are for

Revision ID: 014
Revises: 013
Create Date: 2026-09-15 14:55:08.302681
"""

from alembic import op

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None

COMMENTS = {
    "users": "People who can log in",
    "brokers": "Firms that execute orders for us",
    "accounts": "Money and securities of a user",
    "positions": "What an account holds of one security",
    "transactions": "Trades and transfers; never changed once settled",
}


def upgrade() -> None:
    for table, comment in COMMENTS.items():
        op.create_table_comment(table, comment, existing_comment=None)


def downgrade() -> None:
    for table in COMMENTS:
        op.drop_table_comment(table, existing_comment=COMMENTS[table])

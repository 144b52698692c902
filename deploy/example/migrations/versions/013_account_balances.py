"""balances as a view

Revision ID: 013
Revises: 012
Create Date: 2026-08-25 08:14:56.740290
"""

from alembic import op

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None

ACCOUNT_BALANCES = """
CREATE VIEW account_balances AS
SELECT a.id AS account_id,
       a.currency,
       coalesce(sum(t.net_amount) FILTER (WHERE t.status = 'settled'), 0) AS settled,
       coalesce(sum(t.net_amount) FILTER (WHERE t.status = 'pending'), 0) AS pending
FROM accounts a
LEFT JOIN transactions t ON t.account_id = a.id
GROUP BY a.id, a.currency
"""


def upgrade() -> None:
    op.execute(ACCOUNT_BALANCES)


def downgrade() -> None:
    op.execute("DROP VIEW account_balances")

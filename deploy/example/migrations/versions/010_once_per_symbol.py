"""a symbol is watched and held once

Revision ID: 010
Revises: 009
Create Date: 2026-06-30 10:48:05.813376
"""

from alembic import op

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        DELETE FROM watchlist_items a USING watchlist_items b
        WHERE a.user_id = b.user_id AND a.symbol = b.symbol AND a.ctid > b.ctid
        """
    )
    op.create_primary_key(op.f("pk_watchlist_items"), "watchlist_items", ["user_id", "symbol"])
    op.create_unique_constraint(
        op.f("uq_positions_account_id_symbol"), "positions", ["account_id", "symbol"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("uq_positions_account_id_symbol"), "positions", type_="unique")
    op.drop_constraint(op.f("pk_watchlist_items"), "watchlist_items", type_="primary")

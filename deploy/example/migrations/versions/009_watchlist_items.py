"""watchlist becomes watchlist_items

Revision ID: 009
Revises: 008
Create Date: 2026-06-11 15:26:40.075942
"""

from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None

OLD, NEW = "watchlist", "watchlist_items"


def rename(table: str, to: str) -> None:
    op.rename_table(table, to)
    op.execute(
        f"ALTER TABLE {to} RENAME CONSTRAINT fk_{table}_user_id_users TO fk_{to}_user_id_users"
    )


def upgrade() -> None:
    rename(OLD, to=NEW)


def downgrade() -> None:
    rename(NEW, to=OLD)

"""updated_at is kept by a trigger

Revision ID: 012
Revises: 011
Create Date: 2026-08-03 12:39:21.226754
"""

from alembic import op

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None

TABLES = ("users", "brokers", "accounts", "positions", "transactions")


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION touch_updated_at() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END;
        $$
        """
    )
    for table in TABLES:
        op.execute(
            f"""
            CREATE TRIGGER {table}_touch_updated_at
            BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
            """
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_touch_updated_at ON {table}")
    op.execute("DROP FUNCTION touch_updated_at()")

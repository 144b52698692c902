"""initial schema

Revision ID: 001
Revises: 
Create Date: 2026-02-03 09:12:44.018213
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

# Children after their parents; dropped the other way round.
TABLES = ["users", "brokers", "accounts", "positions", "transactions"]


def id_column() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def timestamps() -> list:
    return [
        sa.Column(
            name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        )
        for name in ("created_at", "updated_at")
    ]


def money(precise: bool = False) -> sa.Numeric:
    if precise:
        return sa.Numeric(20, 8)
    return sa.Numeric(precision=18, scale=2)


def upgrade() -> None:
    op.create_table(
        "users",
        id_column(),
        sa.Column(
            "public_id",
            postgresql.UUID(as_uuid=True),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("legacy_crm_id", sa.Integer(), nullable=True),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("public_id", name=op.f("uq_users_public_id")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("legacy_crm_id", name=op.f("uq_users_legacy_crm_id")),
    )
    op.create_table(
        "brokers",
        id_column(),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("settlement_days", sa.String(length=8), nullable=False),
        sa.Column("house_account_id", sa.BigInteger(), nullable=True),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brokers")),
        sa.UniqueConstraint("code", name=op.f("uq_brokers_code")),
    )
    op.create_table(
        "accounts",
        id_column(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("primary_broker_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column(
            "kind", sa.Enum("cash", "margin", "retirement", name="account_kind"), nullable=False
        ),
        sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        *timestamps(),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_accounts_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["primary_broker_id"],
            ["brokers.id"],
            name=op.f("fk_accounts_primary_broker_id_brokers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("user_id", "number", name=op.f("uq_accounts_user_id_number")),
    )
    op.create_table(
        "positions",
        id_column(),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("symbol", sa.String(length=16), nullable=False),
        sa.Column("quantity", money(precise=True), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "average_cost", money(precise=True), server_default=sa.text("0"), nullable=False
        ),
        *timestamps(),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_positions_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
    )
    op.create_table(
        "transactions",
        id_column(),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "broker_id",
            sa.BigInteger(),
            sa.ForeignKey(
                "brokers.id", name=op.f("fk_transactions_broker_id_brokers"), ondelete="RESTRICT"
            ),
            nullable=False,
        ),
        sa.Column("symbol", sa.String(length=16), nullable=True),
        sa.Column("traded_on", sa.Date(), nullable=False),
        sa.Column("amount", money(), nullable=False),
        sa.Column("fee", money(), server_default=sa.text("0"), nullable=False),
        sa.Column("net_amount", money(), sa.Computed("amount - fee", persisted=True)),
        sa.Column("note", sa.Text(), nullable=True),
        *timestamps(),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_transactions_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
    )
    for table, columns in {
        "accounts": ["primary_broker_id"],
        "transactions": ["account_id", "traded_on"],
    }.items():
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=False)

    # brokers and accounts point at each other, so one of the two keys has to come last.
    op.create_foreign_key(
        op.f("fk_brokers_house_account_id_accounts"),
        "brokers",
        "accounts",
        ["house_account_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_constraint(
        op.f("fk_brokers_house_account_id_accounts"), "brokers", type_="foreignkey"
    )
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP TYPE account_kind")

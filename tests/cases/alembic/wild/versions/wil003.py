"""The catalogue, asked by SQL"""
import sqlalchemy as sa
from alembic import op

revision = "wil003"
down_revision = "wil002"


def exists(conn, table, column):
    return conn.execute(
        sa.text(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = :t AND column_name = :c"
        ),
        {"t": table, "c": column},
    ).first() is not None


def upgrade():
    conn = op.get_bind()
    if exists(conn, "account", "email"):
        op.alter_column("account", "email", new_column_name="mail")
    if exists(conn, "account", "email"):
        raise RuntimeError("renamed twice")
    names = conn.execute(sa.text(
        "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass('account') "
        "AND contype = 'u'")).scalars().all()
    for name in names:
        op.drop_constraint(name, "account", type_="unique")
    for row in conn.execute(sa.text(
            "SELECT table_name AS t, count(*) AS n FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name <> 'alembic_version' "
            "GROUP BY table_name ORDER BY table_name")):
        op.execute(f"COMMENT ON TABLE {row.t} IS '{row['n']} columns'")
    if conn.dialect.name == "postgresql" and conn.execute(
            sa.text("SELECT EXISTS(SELECT 1 FROM pg_type WHERE typname = 'role')")).scalar():
        op.create_table("grant_log", sa.Column("id", sa.Integer(), primary_key=True),
                        sa.Column("role", sa.dialects.postgresql.ENUM(
                            name="role", create_type=False)))

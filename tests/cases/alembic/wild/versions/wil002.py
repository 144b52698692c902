"""Inspector"""
import sqlalchemy as sa
from alembic import op

from bazaar.types import add_once

revision = "wil002"
down_revision = "wil001"


def upgrade():
    bind = op.get_bind()
    inspector = sa.inspect(bind)
    tables = inspector.get_table_names()
    for name in ("account", "missing"):
        if name in tables:
            op.add_column(name, sa.Column("seen_" + name, sa.DateTime(timezone=True)))
    if not inspector.has_table("missing"):
        op.create_table("missing", sa.Column("id", sa.BigInteger(), primary_key=True))
    indexes = {i["name"]: i["column_names"] for i in inspector.get_indexes("empty")}
    if indexes.get("ix_empty_note") == ["note"]:
        op.drop_index("ix_empty_note", table_name="empty")
    nullable = [c["name"] for c in inspector.get_columns("account") if c["nullable"]]
    op.execute("COMMENT ON TABLE account IS '%s'" % ", ".join(nullable))
    key = inspector.get_pk_constraint("account")
    if key["constrained_columns"] == ["id"] and key["name"]:
        op.execute(f"COMMENT ON CONSTRAINT {key['name']} ON account IS 'the key'")
    labels = [e["labels"] for e in inspector.get_enums() if e["name"] == "role"]
    if labels and "seller" in labels[0]:
        op.execute("ALTER TYPE role RENAME VALUE 'seller' TO 'vendor'")
    add_once("account", sa.Column("email", sa.String(200), unique=True))
    add_once("account", sa.Column("email", sa.String(10)))

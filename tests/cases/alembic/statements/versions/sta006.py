"""what the dialect and sequences say"""
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.compiler import IdentifierPreparer

revision = "sta006"
down_revision = "sta005"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    quote = bind.dialect.identifier_preparer.quote
    for name in ["plain", "Mixed", "order", "with space", "9th", "a$b"]:
        bind.execute(sa.text(f"ALTER TABLE s ADD COLUMN {quote(name)} int"))
    also = IdentifierPreparer(bind.dialect).quote("user")
    op.execute(f"ALTER TABLE s ADD COLUMN {also} int")
    if op.get_context().dialect.supports_sequences:
        sequence = sa.Sequence("s_number")
        op.execute(sa.schema.CreateSequence(sequence))
        op.add_column(
            "s", sa.Column("number", sa.Integer, server_default=sa.func.next_value(sequence))
        )
    try:
        sa.inspect(bind).get_columns("nowhere")
    except sa.exc.OperationalError:
        op.execute("ALTER TABLE s ADD COLUMN wrong int")
    except sa.exc.SQLAlchemyError:
        op.execute("ALTER TABLE s ADD COLUMN missing int")
    op.add_column(
        "s",
        sa.Column("lasts", sa.Interval, server_default=str(timedelta(days=-1, minutes=90, seconds=5))),
    )
    op.add_column("s", sa.Column("waits", sa.Interval, server_default=str(timedelta(milliseconds=1500))))
    op.add_column("s", sa.Column("day", sa.Date, server_default=str(date(2020, 2, 3))))
    op.add_column("s", sa.Column("at", sa.DateTime, server_default=str(datetime(2020, 2, 3, 4, 5))))
    op.execute("CREATE TYPE two_states AS ENUM ('on', 'off')")
    op.add_column(
        "s", sa.Column("state", sa.Enum(("on", "off"), name="two_states"), server_default="off")
    )
    op.add_column("s", sa.Column("doc", sa.dialects.postgresql.JSONB))
    doc = sa.column("doc", sa.dialects.postgresql.JSONB)
    op.create_index("s_doc_user", "s", [doc["user"].as_string()])
    op.create_index("s_doc_deep", "s", [doc[("user", "age")].as_integer()])
    op.create_index("s_doc_path", "s", [doc[("user", "tags", 0)]], postgresql_using="btree")
    op.execute(f"ALTER TABLE s ADD COLUMN {'x' + bin(5)[2:] + hex(255) + oct(-8)[1:]} int")


def downgrade():
    raise NotImplementedError

"""indexes"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "con005"
down_revision = "con004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix1", "k", ["a", "b"], unique=True)
    op.create_index(op.f("ix2"), "k", [sa.text("lower(s)")])
    op.create_index("ix3", "k", [sa.func.lower(sa.column("s")), "a"], postgresql_where=sa.text("a > 0"))
    op.create_index("ix4", "k", ["s"], postgresql_using="hash")
    op.create_index("ix5", "k", ["s"], postgresql_ops={"s": "text_pattern_ops"}, postgresql_with={"fillfactor": 50})
    op.create_index("ix6", "k", ["a"], postgresql_include=["b", "c"])
    op.create_index("ix7", "k", [sa.text("at DESC NULLS LAST"), sa.column("a").desc()])
    op.create_index("ix8", "k_far", ["id"], schema="kapp")
    op.create_index("ix9", "k", ["r"], postgresql_using="GIST", postgresql_where=sa.column("a") == 1)
    op.create_index("ix10", "k", [sa.text("(a + b)")])
    op.create_index("ix11", "k", [sa.column("a") + sa.column("b")])
    op.create_index(None, "k", ["c"])
    op.create_index("ix12", "k", [sa.func.coalesce(sa.column("s"), "none")])
    op.create_index("ix13", "k", ["d"], postgresql_where=sa.column("s").in_(["a", "b"]))
    op.create_index("ix14", "k", [sa.literal_column("s COLLATE \"C\"")])


def downgrade():
    raise NotImplementedError

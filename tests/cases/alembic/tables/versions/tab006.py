"""a loop and a helper"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab006"
down_revision = "tab005"
branch_labels = None
depends_on = None

TABLES = ["red", "green"]


def stamps():
    return [
        sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP")),
    ]



def upgrade():
    for name in TABLES:
        op.create_table(f"t_{name}", sa.Column("id", sa.Integer, primary_key=True), *stamps())
        op.create_index(f"ix_{name}_created", f"t_{name}", ["created_at"])


def downgrade():
    raise NotImplementedError

"""schemas, comments, odd names"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab003"
down_revision = "tab002"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE SCHEMA IF NOT EXISTS tapp")
    op.create_table("order", sa.Column("id", sa.Integer, primary_key=True, comment="the key's comment"), sa.Column("select", sa.Text, index=True, comment="100% true"), schema="tapp", comment="it's a table")
    op.create_table("Mixed Case", sa.Column("Id", sa.Integer, primary_key=True), sa.Column("ref", sa.Integer, sa.ForeignKey("tapp.order.id"), index=True, unique=True))
    op.create_table_comment("Mixed Case", "with: colon", existing_comment=None)
    op.drop_table_comment("order", existing_comment="x", schema="tapp")


def downgrade():
    raise NotImplementedError

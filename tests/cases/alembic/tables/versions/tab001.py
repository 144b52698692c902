"""a table with serial keys of every width"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t_users", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(length=50), nullable=False), sa.Column("Email", sa.String(), unique=True), sa.PrimaryKeyConstraint("id"))
    op.create_table("t_big", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("x", sa.SmallInteger, index=True))
    op.create_table("t_small", sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=True))
    op.create_table("t_num", sa.Column("id", sa.Numeric(10, 0), primary_key=True))
    op.create_table("t_plain", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    op.create_table("t_default", sa.Column("id", sa.Integer, primary_key=True, server_default=sa.text("7")))
    op.create_table("t_client", sa.Column("id", sa.Integer, primary_key=True, default=5))
    op.create_table("t_text", sa.Column("id", sa.String(36), primary_key=True))


def downgrade():
    raise NotImplementedError

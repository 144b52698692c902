"""partitions, inheritance, prefixes"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab005"
down_revision = "tab004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t_part", sa.Column("id", sa.BigInteger, autoincrement=False), sa.Column("at", sa.DateTime(timezone=True), nullable=False), sa.PrimaryKeyConstraint("id", "at"), postgresql_partition_by="RANGE (at)")
    op.create_table("t_child", sa.Column("extra", sa.Text), postgresql_inherits="t_users")
    op.create_table("t_unlogged", sa.Column("id", sa.Integer), prefixes=["UNLOGGED"], mysql_engine="InnoDB")
    op.execute("CREATE TABLE t_part_2024 PARTITION OF t_part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")


def downgrade():
    raise NotImplementedError

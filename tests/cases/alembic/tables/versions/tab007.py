"""a name that has to be cut, an identity, a computed column"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab007"
down_revision = "tab006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t_a_very_long_table_name_that_nobody_would_ever_write_by_hand", sa.Column("some_column", sa.Integer, index=True))
    op.create_table("t_ident", sa.Column("id", sa.BigInteger, sa.Identity(always=True, start=10, increment=5), primary_key=True), sa.Column("n", sa.Integer, sa.Identity(cycle=True)), sa.Column("w", sa.Integer), sa.Column("sq", sa.Integer, sa.Computed("w * w")), sa.Column("sq2", sa.Integer, sa.Computed(sa.text("w + 1"), persisted=True)))
    op.create_table("t_seq", sa.Column("id", sa.Integer, sa.Sequence("t_own_seq"), primary_key=True), sa.Column("id2", sa.Integer, sa.Sequence("t_opt_seq", optional=True)))


def downgrade():
    raise NotImplementedError

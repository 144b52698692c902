"""constructs"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sta003"
down_revision = "sta002"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(sa.schema.CreateSequence(sa.Sequence("s_seq", start=5, increment=2)))
    op.execute(sa.schema.CreateSequence(sa.Sequence("s_seq2")))
    op.execute(sa.schema.DropSequence(sa.Sequence("s_seq2")))
    op.execute(sa.schema.CreateSchema("sapp"))
    op.execute(sa.DDL("COMMENT ON TABLE s IS '100%%'"))
    op.create_table("s_next", sa.Column("id", sa.Integer, sa.Sequence("s_seq"), server_default=sa.Sequence("s_seq").next_value(), primary_key=True))


def downgrade():
    raise NotImplementedError

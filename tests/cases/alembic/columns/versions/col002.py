"""added columns"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "col002"
down_revision = "col001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("c", sa.Column("a", sa.Integer(), nullable=True))
    op.add_column("c", sa.Column("b", sa.Integer(), sa.ForeignKey("c_ref.id"), nullable=True))
    op.add_column("c", sa.Column("d", sa.Integer(), sa.ForeignKey("c_ref.id", name="fk_d", ondelete="SET NULL"), index=True))
    op.add_column("c", sa.Column("e", sa.String(5), unique=True, comment="an 'e'"))
    op.add_column("c", sa.Column("f", sa.Text, server_default="it's", nullable=False))
    op.add_column("c", sa.Column("g", sa.Integer, server_default=sa.text("1 + 2"), nullable=False))
    op.add_column("c", sa.Column("h", sa.Boolean, server_default=sa.true(), nullable=False))
    op.add_column("c", sa.Column("h2", sa.Boolean, server_default=sa.sql.expression.false(), nullable=False))
    op.add_column("c", sa.Column("i", sa.Integer, sa.CheckConstraint("i > 1", name="i_big")))
    op.add_column("c", sa.Column("j", sa.Integer, index=True, unique=True))
    op.add_column("c", sa.Column("k", sa.Integer, sa.Computed("g * 2")))
    op.add_column("c", sa.Column("l", sa.DateTime(timezone=True), server_default=sa.func.current_timestamp()))
    op.add_column("c", sa.Column("m", postgresql.UUID(as_uuid=True), server_default=sa.func.gen_random_uuid()))
    op.add_column("c", sa.Column("n", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb")))
    op.add_column("c", sa.Column("o", sa.Integer, sa.Identity(always=True)))
    op.add_column("c", sa.Column("p", sa.String, server_default=sa.literal("x:y")))
    op.add_column("c", sa.Column("q", sa.String, server_default="100%"))
    op.add_column("c", sa.Column("r", sa.Date, server_default=sa.cast(sa.func.now(), sa.Date)))
    op.add_column("c", sa.Column("s", sa.String, server_default=sa.null()))


def downgrade():
    raise NotImplementedError

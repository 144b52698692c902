"""composite keys and foreign keys"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tab002"
down_revision = "tab001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t_comp", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True))
    op.create_table("t_comp2", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True, autoincrement=True))
    op.create_table("t_fk", sa.Column("id", sa.Integer, sa.ForeignKey("t_users.id"), primary_key=True), sa.Column("other", sa.BigInteger, sa.ForeignKey("t_big.id", name="fk_other", ondelete="CASCADE", onupdate="SET NULL", deferrable=True, initially="DEFERRED")))
    op.create_table("t_fk2", sa.Column("id", sa.Integer), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.ForeignKeyConstraint(["a", "b"], ["t_comp.a", "t_comp.b"], name=op.f("fk_comp"), match="FULL"), sa.ForeignKeyConstraint(["id"], ["t_users.id"], use_alter=True), sa.PrimaryKeyConstraint("id", name=op.f("pk_fk2")))


def downgrade():
    raise NotImplementedError

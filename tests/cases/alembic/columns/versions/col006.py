"""a batch"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "col006"
down_revision = "col005"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("c", schema=None) as batch_op:
        batch_op.add_column(sa.Column("z1", sa.Integer()))
        batch_op.alter_column("z1", new_column_name="z2", existing_type=sa.Integer(), nullable=False)
        batch_op.create_index(batch_op.f("ix_c_z2"), ["z2"], unique=False)
        batch_op.create_unique_constraint("uq_z2", ["z2"])
        batch_op.create_foreign_key("fk_z2", "c_ref", ["z2"], ["id"], ondelete="CASCADE")
        batch_op.create_check_constraint("ck_z2", "z2 > 0")
        batch_op.drop_constraint("uq_z2", type_="unique")
        batch_op.drop_column("g", **{}) if False else None


def downgrade():
    raise NotImplementedError

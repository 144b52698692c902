"""operations that give no names"""
import sqlalchemy as sa
from alembic import op

revision = "nam002"
down_revision = "nam001"


def upgrade():
    op.create_table(
        "plain",
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer),
        sa.Column("c", sa.String(3)),
    )
    op.create_primary_key(None, "plain", ["a"])
    op.create_unique_constraint(None, "plain", ["a", "b"])
    op.create_foreign_key(None, "plain", "item", ["b"], ["id"], referent_schema="store")
    op.create_check_constraint("b_small", "plain", "b < 10")
    op.create_check_constraint(op.f("b_settled"), "plain", "b > -10")
    op.create_check_constraint("b_gone", "plain", "b <> 7")
    op.drop_constraint("b_gone", "plain", type_="check")
    op.create_check_constraint("b_gone_too", "plain", "b <> 8")
    op.drop_constraint(op.f("ck_plain_b_gone_too"), "plain", type_="check")
    op.create_index(None, "plain", ["c", "b"])
    op.create_index("named", "plain", ["b"])
    op.create_index(op.f("ix_plain_b"), "plain", ["b"])
    op.drop_index(op.f("ix_plain_b"), table_name="plain")
    op.create_index(op.f("ix_" + "x" * 70), "plain", ["b"])
    op.add_column("plain", sa.Column("d", sa.Integer, index=True))
    op.add_column("plain", sa.Column("e", sa.Integer, unique=True))
    op.add_column("plain", sa.Column("f", sa.Integer, sa.ForeignKey("store.item.id")))
    op.add_column("plain", sa.Column("g", sa.Integer, sa.CheckConstraint("g > 1", name="g_big")))
    with op.batch_alter_table("plain") as batch_op:
        batch_op.create_unique_constraint(None, ["c"])
        batch_op.create_index(None, ["e"])
        batch_op.drop_constraint("b_small", type_="check")
        batch_op.create_foreign_key(batch_op.f("plain_again"), "plain", ["b"], ["a"])
    op.alter_column(
        "plain",
        "c",
        type_=sa.Enum("x", "y", name="letters", native_enum=False, create_constraint=True),
    )


def downgrade():
    pass

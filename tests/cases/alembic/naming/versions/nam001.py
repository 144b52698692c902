"""tables whose constraints have no names"""
import sqlalchemy as sa
from alembic import op

revision = "nam001"
down_revision = None


def upgrade():
    op.execute("CREATE SCHEMA store")
    op.create_table(
        "owner",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(40), unique=True),
        sa.Column("town", sa.String(40), index=True),
        sa.Column("age", sa.Integer, sa.CheckConstraint("age > 0", name="age_positive")),
        sa.Column(
            "state",
            sa.Enum("on", "off", name="state", native_enum=False, create_constraint=True),
        ),
        sa.CheckConstraint("age < 200", name="age_human"),
        sa.CheckConstraint("part > 0", name=op.f("as_it_is")),
        sa.UniqueConstraint("town", "age"),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer),
        sa.Column("owner_id", sa.Integer),
        sa.Column("owner_part", sa.Integer),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("store.item.id")),
        sa.Column("label", sa.Text),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["owner_id", "owner_part"], ["owner.id", "owner.part"]),
        sa.UniqueConstraint("label", name="label_once"),
        sa.Index(None, "label", "owner_id"),
        schema="store",
    )
    op.create_table(
        "a_table_with_a_name_that_is_already_rather_long",
        sa.Column("a_column_of_a_long_name", sa.Integer, index=True),
        sa.Column("b", sa.Integer, sa.ForeignKey("store.item.id"), unique=True),
    )


def downgrade():
    pass

"""Metadata that is bound, functions of PostgreSQL, options of a foreign key"""
import sqlalchemy as sa
from alembic import op

revision = "obj002"
down_revision = "obj001"


def upgrade():
    bind = op.get_bind()
    meta = sa.MetaData()
    meta.bind = bind
    doors = sa.table("doors", sa.column("id"), sa.column("a"), sa.column("b"))
    meta.bind.execute(doors.delete().where(doors.c.id == 5))
    op.execute(doors.update().values({"b": sa.func.left(doors.c.a, 3)}))
    # SQLAlchemy's comparison is false here, as no column is a text.
    if doors.c.a == "x" and doors.c.b == "y":
        op.drop_table("doors")
    if doors.c.a != "x":
        op.add_column("doors", sa.Column("c", sa.Integer))
    for key in sa.inspect(bind).get_foreign_keys("keys"):
        op.drop_constraint(key["name"], "keys", type_="foreignkey")
        op.create_foreign_key(
            "again", "keys", key["referred_table"], key["constrained_columns"],
            key["referred_columns"], **key["options"],
        )

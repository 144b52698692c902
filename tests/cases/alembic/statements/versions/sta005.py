"""tables that are reflected"""
import re

import sqlalchemy as sa
from alembic import op

revision = "sta005"
down_revision = "sta004"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    op.create_table(
        "old_part",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("size", sa.Integer, nullable=True, server_default="3"),
        sa.Column("made", sa.Integer, sa.ForeignKey("s_made.id", name="part_made"), nullable=False),
        sa.UniqueConstraint("size", name="part_size"),
    )
    op.create_index("part_made_size", "old_part", ["made", "size"])
    metadata = sa.MetaData()
    metadata.reflect(bind)
    before = sorted(metadata.tables.keys())
    for name in before:
        if not name.startswith("old_"):
            continue
        new = name[len("old_"):]
        column = metadata.tables[name].columns.get("id")
        if column is not None and column.server_default is not None:
            text = column.server_default.arg.text
            sequence = re.search(r"nextval\('(.*)'::regclass", text).group(1)
            op.execute(f"ALTER SEQUENCE {sequence} RENAME TO {sequence.replace(name, new)}")
        op.rename_table(name, new)
    # What was reflected stays as it was.
    assert "old_part" in metadata.tables and "part" not in metadata.tables
    part = sa.Table("part", sa.MetaData(), autoload_with=bind)
    for key in part.foreign_keys:
        if key.column.table.name == "s_made" and key.parent.name == "made":
            op.drop_constraint(key.constraint.name, "part", type_="foreignkey")
    for constraint in part.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            op.execute(f"ALTER TABLE part RENAME CONSTRAINT {constraint.name} TO part_one_size")
    for index in part.indexes:
        op.drop_index(index.name, table_name="part")
    if "size" in part.c and "weight" not in part.columns:
        op.add_column("part", sa.Column("weight", sa.Integer))
    for column in part.columns:
        if column.nullable:
            op.alter_column("part", column.name, comment="may be missing")
    op.execute(f"ALTER TABLE part RENAME CONSTRAINT {part.primary_key.name} TO part_key")


def downgrade():
    raise NotImplementedError

"""data"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sta004"
down_revision = "sta003"
branch_labels = None
depends_on = None


def upgrade():
    s = sa.table("s", sa.column("id", sa.Integer), sa.column("v", sa.String))
    op.bulk_insert(s, [{"id": 10, "v": "ten"}, {"id": 11, "v": None}])
    op.execute(s.update().where(s.c.id == 10).values(v="zehn"))
    op.execute(s.delete().where(s.c.id == 11))
    op.execute(s.insert().values(id=12, v="x"))
    made = op.create_table("s_made", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
    op.bulk_insert(made, [{"name": "a"}, {"name": "b"}])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE s ADD COLUMN pg int")


def downgrade():
    raise NotImplementedError

"""A transaction of its own"""
import sqlalchemy as sa
from alembic import op

revision = "wil006"
down_revision = "wil005"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("BEGIN")
        op.execute("LOCK TABLE empty IN ACCESS EXCLUSIVE MODE NOWAIT")
        op.execute("ALTER TABLE empty ADD COLUMN locked boolean")
        op.execute("COMMIT")
        op.execute("ALTER TYPE role ADD VALUE IF NOT EXISTS 'guest'")
    metadata = sa.MetaData()
    extra = sa.Table("extra", metadata, sa.Column("id", sa.Integer, primary_key=True),
                     sa.Column("code", sa.String(5), sa.ForeignKey("empty.id", name="fk_x")
                               if False else sa.CheckConstraint("code <> ''", name="ck_code")))
    extra.create(op.get_bind(), checkfirst=True)
    extra.create(op.get_bind(), checkfirst=True)

"""concurrently"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "con007"
down_revision = "con006"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.create_index("ix_con", "k", ["a"], postgresql_concurrently=True)
        op.drop_index("ix2", table_name="k", postgresql_concurrently=True)


def downgrade():
    raise NotImplementedError

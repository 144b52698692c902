"""identities"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "col004"
down_revision = "col003"
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column("c_seq", "i", server_default=sa.Identity(always=True, start=5), existing_server_default=sa.Identity())
    op.alter_column("c_seq", "j", server_default=sa.Identity(increment=2), existing_server_default=None)
    op.alter_column("c", "o", server_default=None, existing_server_default=sa.Identity(always=True))


def downgrade():
    raise NotImplementedError

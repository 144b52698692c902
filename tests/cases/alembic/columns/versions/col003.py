"""altered columns"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "col003"
down_revision = "col002"
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column("c", "old", new_column_name="New", existing_type=sa.String(10), type_=sa.String(20), nullable=False, server_default="n")
    op.alter_column("c", "num", type_=sa.Integer(), postgresql_using="num::integer", existing_type=sa.String())
    op.alter_column("c", "flag", server_default=sa.text("false"), comment="a flag")
    op.alter_column("c", "g", server_default=None, existing_type=sa.Integer())
    op.alter_column("c", "e", comment=None, existing_comment="an 'e'")
    op.alter_column("c", "f", nullable=True, server_default=False)
    op.alter_column("c", "l", type_=sa.DateTime())
    op.alter_column("c", "p", server_default=sa.func.upper("z"))


def downgrade():
    raise NotImplementedError

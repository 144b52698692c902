"""dropped columns"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "col005"
down_revision = "col004"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_column("c", "a")
    op.drop_column("c", "d")
    op.drop_column("c", "e", mssql_drop_check=True)


def downgrade():
    raise NotImplementedError

"""dropped"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "con006"
down_revision = "con005"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("ix1", table_name="k")
    op.drop_index("ix8", table_name="k_far", schema="kapp")
    op.drop_constraint("ck1", "k", type_="check")
    op.drop_constraint("fk_back", "k_far", schema="kapp")


def downgrade():
    raise NotImplementedError

"""keys"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "con002"
down_revision = "con001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_primary_key("pk_k", "k", ["a", "b"])
    op.create_unique_constraint("uq_k", "k", ["c", "d"], deferrable=True, initially="DEFERRED")
    op.create_unique_constraint(None, "k", ["d"])
    op.create_foreign_key("fk_k", "k", "k_ref", ["c"], ["id"], ondelete="SET NULL", onupdate="CASCADE")
    op.create_foreign_key(None, "k", "k_ref", ["s"], ["code"], deferrable=True, initially="IMMEDIATE")
    op.create_foreign_key("fk_far", "k", "k_far", ["d"], ["id"], referent_schema="kapp", match="FULL", use_alter=True)
    op.create_foreign_key("fk_back", "k_far", "k_ref", ["id"], ["id"], source_schema="kapp", postgresql_not_valid=True)


def downgrade():
    raise NotImplementedError

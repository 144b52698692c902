"""what Alembic and SQLAlchemy pass by"""
import sqlalchemy as sa
from alembic import op

revision = "sta007"
down_revision = "sta006"
branch_labels = None
depends_on = None


def upgrade():
    metadata = sa.MetaData()
    op.create_table(
        "passed_by",
        metadata,
        # An argument of a dialect that is not installed, as far as SQLAlchemy can tell.
        sa.Column("id", sa.Integer, primary_eky=True, nullable=False),
        sa.Column("code", sa.Integer),
        sa.UniqueConstraint("code", name="passed_by_code", initially_deferrable=True),
    )
    op.execute("CREATE SEQUENCE passed_by_number")
    last = op.get_bind().execute(sa.text("SELECT count(*) FROM passed_by")).scalar()
    op.execute(f"ALTER SEQUENCE passed_by_number RESTART WITH {last + 1}")
    asked = "SELECT 1 FROM information_schema.columns WHERE table_name = 'passed_by' AND column_name = "
    if not op.get_bind().execute(sa.text(asked + "'code'")).fetchone():
        op.execute("ALTER TABLE passed_by ADD COLUMN wrong int")
    if not op.get_bind().execute(sa.text(asked + "'missing'")).fetchone():
        op.execute("ALTER TABLE passed_by ADD COLUMN missing int")


def downgrade():
    op.execute("DROP SEQUENCE passed_by_number")
    op.drop_table("passed_by")

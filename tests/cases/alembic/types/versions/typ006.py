"""a type changed to an enumeration"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "typ006"
down_revision = "typ005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("y_change", sa.Column("a", sa.String))
    sa.Enum("x1", "x2", name="y_new").create(op.get_bind(), checkfirst=True)
    op.alter_column("y_change", "a", type_=sa.Enum("x1", "x2", name="y_new"), postgresql_using="a::y_new", existing_type=sa.String())
    # create_type=False keeps a table from creating it, not create() itself.
    postgresql.ENUM("m", "n", name="y_asked", create_type=False).create(op.get_bind(), checkfirst=False)


def downgrade():
    raise NotImplementedError

"""plain text"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sta001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE s (id int, v text, j jsonb)")
    op.execute("INSERT INTO s (id, v) VALUES (1, 'a\\:b 50%')")
    op.execute(sa.text("ALTER TABLE s ADD CONSTRAINT sc CHECK (v::text <> 'x%y')"))
    op.execute(sa.text("INSERT INTO s (id, v) VALUES (:id, :v)").bindparams(id=2, v="it's"))
    op.get_bind().execute(sa.text("INSERT INTO s (id, v) VALUES (:id, :v)"), {"id": 3, "v": None})


def downgrade():
    raise NotImplementedError

"""functions, views and triggers"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sta002"
down_revision = "sta001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
    CREATE FUNCTION s_touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.v := 'x';  -- a comment
        RETURN NEW;
    END;
    $$
    """)
    op.execute("CREATE TRIGGER s_trigger BEFORE UPDATE ON s FOR EACH ROW EXECUTE FUNCTION s_touch()")
    op.execute("CREATE VIEW s_view AS SELECT id, v::varchar(5) AS short FROM s WHERE v LIKE 'a%'")


def downgrade():
    raise NotImplementedError

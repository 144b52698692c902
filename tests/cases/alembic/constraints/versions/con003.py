"""checks"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "con003"
down_revision = "con002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_check_constraint("ck1", "k", "a > 0 AND s LIKE '%x%'")
    op.create_check_constraint("ck2", "k", sa.and_(sa.column("a") > 1, sa.or_(sa.column("b") < 5, sa.column("b") == None)))
    op.create_check_constraint("ck3", "k", sa.column("s").in_(["x", "it's"]))
    op.create_check_constraint("ck4", "k", sa.not_(sa.column("s").like("a%")))
    op.create_check_constraint("ck5", "k", sa.func.length(sa.column("s")) > 3)
    op.create_check_constraint("ck6", "k", sa.text("s ~ '^[a-z]+$' AND s <> 'a\\:b'"))
    op.create_check_constraint("ck7", "k", sa.column("a").between(1, 10))
    op.create_check_constraint("ck8", "k", ~(sa.column("a") == 7))
    op.create_check_constraint("ck9", "k", (sa.column("a") + sa.column("b")) * 2 != 5)
    op.create_check_constraint("ck10", "k", sa.cast(sa.column("s"), sa.String(5)) != "z")
    op.create_check_constraint("ck11", "k", (sa.column("c") != None) & (sa.column("d").isnot(None)))
    op.create_check_constraint("ck12", "k", sa.column("s").is_(None) | (sa.column("s") + "x" == "yx"))
    op.create_check_constraint(None, "k", "b <> 3")
    op.create_check_constraint("ck13", "k", "c <> 3", postgresql_not_valid=True)
    op.create_check_constraint("ck14", "k", sa.case([(sa.column("a") > 1, sa.column("b") > 2)], else_=sa.true()))
    op.create_check_constraint("ck15", "k", sa.extract("year", sa.column("at")) > 2000)


def downgrade():
    raise NotImplementedError

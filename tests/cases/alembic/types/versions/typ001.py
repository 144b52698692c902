"""every generic type"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "typ001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "y",
        sa.Column("g0", sa.String),
        sa.Column("g1", sa.String(5)),
        sa.Column("g2", sa.Text),
        sa.Column("g3", sa.Unicode(7)),
        sa.Column("g4", sa.UnicodeText),
        sa.Column("g5", sa.Integer),
        sa.Column("g6", sa.BigInteger),
        sa.Column("g7", sa.SmallInteger),
        sa.Column("g8", sa.Numeric),
        sa.Column("g9", sa.Numeric(10)),
        sa.Column("g10", sa.Numeric(10,2)),
        sa.Column("g11", sa.DECIMAL(5,1)),
        sa.Column("g12", sa.Float),
        sa.Column("g13", sa.Float(24)),
        sa.Column("g14", sa.Float(53)),
        sa.Column("g15", sa.REAL),
        sa.Column("g16", sa.Boolean),
        sa.Column("g17", sa.Date),
        sa.Column("g18", sa.Time),
        sa.Column("g19", sa.Time(timezone=True)),
        sa.Column("g20", sa.DateTime),
        sa.Column("g21", sa.DateTime(timezone=True)),
        sa.Column("g22", sa.TIMESTAMP),
        sa.Column("g23", sa.TIMESTAMP(timezone=True)),
        sa.Column("g24", sa.Interval),
        sa.Column("g25", sa.LargeBinary),
        sa.Column("g26", sa.JSON),
        sa.Column("g27", sa.PickleType),
        sa.Column("g28", sa.VARCHAR(3)),
        sa.Column("g29", sa.CHAR(2)),
        sa.Column("g30", sa.INTEGER),
        sa.Column("g31", sa.BIGINT),
        sa.Column("g32", sa.SMALLINT),
        sa.Column("g33", sa.NUMERIC(4,1)),
        sa.Column("g34", sa.FLOAT),
        sa.Column("g35", sa.BOOLEAN),
        sa.Column("g36", sa.DATE),
        sa.Column("g37", sa.TIME),
        sa.Column("g38", sa.TEXT),
        sa.Column("g39", sa.ARRAY(sa.Integer)),
        sa.Column("g40", sa.Interval(second_precision=3)),
        sa.Column("g41", sa.String(5,collation="C")),
    )


def downgrade():
    raise NotImplementedError

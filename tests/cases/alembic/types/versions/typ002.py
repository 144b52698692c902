"""every type of PostgreSQL"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "typ002"
down_revision = "typ001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS hstore")
    op.create_table(
        "y_pg",
        sa.Column("p0", postgresql.UUID),
        sa.Column("p1", postgresql.UUID(as_uuid=True)),
        sa.Column("p2", postgresql.JSON),
        sa.Column("p3", postgresql.JSONB),
        sa.Column("p4", postgresql.BYTEA),
        sa.Column("p5", postgresql.INET),
        sa.Column("p6", postgresql.CIDR),
        sa.Column("p7", postgresql.MACADDR),
        sa.Column("p8", postgresql.HSTORE),
        sa.Column("p9", postgresql.TSVECTOR),
        sa.Column("p10", postgresql.OID),
        sa.Column("p11", postgresql.MONEY),
        sa.Column("p12", postgresql.BIT),
        sa.Column("p13", postgresql.BIT(5)),
        sa.Column("p14", postgresql.BIT(varying=True)),
        sa.Column("p15", postgresql.BIT(8,varying=True)),
        sa.Column("p16", postgresql.INT4RANGE),
        sa.Column("p17", postgresql.INT8RANGE),
        sa.Column("p18", postgresql.NUMRANGE),
        sa.Column("p19", postgresql.DATERANGE),
        sa.Column("p20", postgresql.TSRANGE),
        sa.Column("p21", postgresql.TSTZRANGE),
        sa.Column("p22", postgresql.DOUBLE_PRECISION),
        sa.Column("p23", postgresql.TIMESTAMP(precision=3)),
        sa.Column("p24", postgresql.TIMESTAMP(timezone=True,precision=0)),
        sa.Column("p25", postgresql.TIME(timezone=True,precision=2)),
        sa.Column("p26", postgresql.INTERVAL),
        sa.Column("p27", postgresql.INTERVAL(fields="YEAR")),
        sa.Column("p28", postgresql.INTERVAL(precision=4)),
        sa.Column("p29", postgresql.ARRAY(sa.String(10))),
        sa.Column("p30", postgresql.ARRAY(sa.Integer(),dimensions=2)),
        sa.Column("p31", postgresql.ARRAY(sa.Text(collation="C"))),
        sa.Column("p32", postgresql.VARCHAR(9)),
        sa.Column("p33", postgresql.TEXT),
        sa.Column("p34", postgresql.INTEGER),
        sa.Column("p35", postgresql.BIGINT),
        sa.Column("p36", postgresql.SMALLINT),
        sa.Column("p37", postgresql.NUMERIC(6,3)),
        sa.Column("p38", postgresql.REAL),
        sa.Column("p39", postgresql.REGCLASS),
        sa.Column("p40", postgresql.CHAR(4)),
        sa.Column("p41", postgresql.ENUM("p1","p2",name="y_p")),
    )


def downgrade():
    raise NotImplementedError

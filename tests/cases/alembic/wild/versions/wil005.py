"""Files beside the migrations"""
import itertools
import os
from pathlib import Path

from alembic import op

revision = "wil005"
down_revision = "wil004"

HERE = os.path.dirname(os.path.abspath(__file__))


def upgrade():
    with open(os.path.join(HERE, "..", "sql", "report.sql")) as f:
        op.execute(f.read())
    text = (Path(__file__).parent.parent / "sql" / "report.sql").read_text()
    if "FUNCTION total" in text:
        op.execute("COMMENT ON FUNCTION total() IS 'of all accounts'")
    for table, column in itertools.product(["account", "empty"], ["id"]):
        op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{table} {column}'")

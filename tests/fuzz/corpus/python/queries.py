from alembic import op
def upgrade():
    conn = op.get_bind()
    if conn.dialect.name == "postgresql":
        for row in conn.execute("SELECT id FROM a"):
            op.execute(f"UPDATE a SET b = {row!r:>10} WHERE id = %s" % row)
    names = {c["name"] for c in sa.inspect(conn).get_columns("a")}
    return [n for n in sorted(["b", "a"]) if n not in names]

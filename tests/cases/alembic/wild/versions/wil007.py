"""Generators, context managers, match, data classes, super()"""
import contextlib
from dataclasses import dataclass, field

import sqlalchemy as sa
from alembic import op

revision = "wil007"
down_revision = "wil006"


@dataclass
class Wanted:
    name: str
    columns: list = field(default_factory=list)
    unique: bool = False

    def index(self):
        return f"ix_{self.name}_{'_'.join(self.columns)}"


@dataclass
class Partial(Wanted):
    where: str = "true"


class Step:
    def __init__(self, table):
        self.table = table

    def names(self):
        return [self.table]


class Counted(Step):
    def __init__(self, table, count):
        super().__init__(table)
        self.count = count

    def names(self):
        return [f"{name}_{i}" for name in super().names() for i in range(self.count)]


def numbered(prefix, count):
    for i in range(count):
        op.execute(f"COMMENT ON TABLE generated IS 'at {i}'")
        yield f"{prefix}_{i}"


def nested(depth):
    yield depth
    if depth:
        yield from nested(depth - 1)


@contextlib.contextmanager
def without_trigger(table):
    op.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    try:
        yield table.upper()
    finally:
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")


def kind_of(value):
    match value:
        case bool():
            return sa.Boolean()
        case int() | float():
            return sa.Numeric(12, 2)
        case str() as text if len(text) > 3:
            return sa.String(len(text))
        case (inner, size):
            return sa.String(size)
        case None:
            return sa.Text()
        case _:
            return sa.LargeBinary()


def upgrade():
    op.create_table("generated", sa.Column("id", sa.Integer(), primary_key=True))
    for name in numbered("col", 3):
        op.add_column("generated", sa.Column(name, sa.Integer()))
    with without_trigger("generated") as shown:
        op.execute(f"COMMENT ON COLUMN generated.col_0 IS '{shown}'")
    for name, example in {"a": True, "b": 3, "c": "four", "d": ("x", 9), "e": None, "f": "x"}.items():
        op.add_column("generated", sa.Column(name, kind_of(example)))
    for wanted in (Wanted("one", ["a", "b"]), Partial("two", ["c"], unique=True, where="c <> ''")):
        where = {"postgresql_where": sa.text(wanted.where)} if isinstance(wanted, Partial) else {}
        op.create_index(wanted.index(), "generated", wanted.columns, unique=wanted.unique, **where)
    for name in Counted("counted", 2).names():
        op.create_table(name, sa.Column("depth", sa.Integer(),
                                        server_default=",".join(map(str, nested(2)))[:1]))
    try:
        columns = sa.inspect(op.get_bind()).get_columns("never_made")
    except sa.exc.NoSuchTableError:
        columns = [{"name": "id"}, {"name": "late"}]
    op.create_table("never_made", *(sa.Column(column["name"], sa.Text()) for column in columns))

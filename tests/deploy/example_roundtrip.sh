#!/usr/bin/env bash
# The example's history with the real Alembic on a real PostgreSQL: up, seeded, down, up again.
# Both ways up must give the same schema, the way down must leave nothing, and the models must be
# what the migrations say.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR/../.. source=deploy/postgres.sh
. "$repository/deploy/postgres.sh"

fail() { printf 'example_roundtrip: %s\n' "$*" >&2; exit 1; }

trap 'postgres_end' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
postgres_start || fail "no PostgreSQL"
postgres_sql postgres -c "CREATE ROLE brokerage LOGIN" -c "CREATE DATABASE brokerage OWNER brokerage"

DATABASE_URL=$(postgres_url brokerage brokerage)
export DATABASE_URL PYTHONDONTWRITEBYTECODE=1
cd "$repository/deploy/example"

# Newer pg_dumps guard their output with a random word.
dump() {
  "$postgres_bin/pg_dump" --schema-only "$DATABASE_URL" |
    sed '/^\\\(un\)\?restrict /d' >"$postgres_directory/$1.sql"
}
heads() { postgres_sql brokerage -tA -c "SELECT coalesce(string_agg(version_num, ','), '') FROM alembic_version"; }

/usr/bin/alembic upgrade head
dump first
/usr/bin/python3 seed.py
/usr/bin/python3 seed.py
rows=$(postgres_sql brokerage -tA -c "SELECT count(*) FROM account_balances")
[ "$rows" = 4 ] || fail "the seed gave $rows accounts"
dump seeded
cmp "$postgres_directory/first.sql" "$postgres_directory/seeded.sql" || fail "the seed changed the schema"

# With rows in the tables: each revision down alone, then up, then all the way down.
last=$(heads)
/usr/bin/python3 - "$((10#$last))" <<'PYTHON'
import sys

sys.path.insert(0, ".")
from alembic import command
from alembic.config import Config

config = Config("alembic.ini")
for _ in range(int(sys.argv[1])):
    command.downgrade(config, "-1")
    command.upgrade(config, "+1")
    command.downgrade(config, "-1")
PYTHON
[ -z "$(heads)" ] || fail "still applied after the way down: $(heads)"
left=$(postgres_sql brokerage -tA -c "
  SELECT string_agg(name, ', ') FROM (
    SELECT relname::text AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'alembic_version%'
    UNION ALL SELECT typname FROM pg_type
    WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  ) AS leftovers")
[ -z "$left" ] || fail "left after the way down: $left"

/usr/bin/alembic upgrade head
/usr/bin/python3 seed.py
dump second
diff -u "$postgres_directory/first.sql" "$postgres_directory/second.sql" ||
  fail "the second way up gives another schema"

/usr/bin/python3 - <<'PYTHON'
import os
import sys

sys.path.insert(0, ".")
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from app.models import Base

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    differences = compare_metadata(context, Base.metadata)
for difference in differences:
    print(difference, file=sys.stderr)
sys.exit("the models are not what the migrations say" if differences else 0)
PYTHON
printf 'example_roundtrip: %s revisions up, down and up again\n' "$((10#$last))"

#!/usr/bin/env bash
# deploy/run.sh --database: tells drift from none by its exit code, changes nothing in the database,
# and Ctrl-C ends it cleanly. Usage: run_yours.sh <driftd>
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR/../.. source=deploy/postgres.sh
. "$repository/deploy/postgres.sh"
driftd=$1

work=$(mktemp -d)
runner=
end() {
  [ -z "$runner" ] || kill -TERM "$runner" 2>/dev/null || true
  postgres_end
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
fail() {
  printf 'run_yours: %s\n' "$*" >&2
  [ ! -s "$work/out" ] || cat "$work/out" >&2
  exit 1
}
chmod 755 "$work"
mkdir -m 1777 "$work/tmp"

postgres_start || fail "no PostgreSQL"
postgres_sql postgres -c "CREATE ROLE brokerage LOGIN" -c "CREATE DATABASE brokerage OWNER brokerage"
url=$(postgres_url brokerage brokerage)
(cd "$repository/deploy/example" && DATABASE_URL=$url PYTHONDONTWRITEBYTECODE=1 /usr/bin/alembic upgrade head)

dump() { "$postgres_bin/pg_dump" "$url" | sed '/^\\\(un\)\?restrict /d' >"$work/$1.sql"; }
# To be called in a subshell, which it becomes. A relative --migrations is relative to where the
# user stands.
run() {
  cd "$repository/deploy"
  exec env TMPDIR="$work/tmp" ./run.sh --database "$url" --migrations example --binary "$driftd" "$@"
}

dump before
code=0
(run --once) >"$work/out" 2>&1 || code=$?
[ "$code" = 0 ] || fail "exit code $code for a database that is in sync"
dump after
cmp "$work/before.sql" "$work/after.sql" || fail "it changed the database"

postgres_sql brokerage -c "ALTER TABLE users DROP COLUMN phone"
code=0
(run --once) >"$work/out" 2>&1 || code=$?
[ "$code" = 2 ] || fail "exit code $code for a database that has drifted"
grep -q 'phone' "$work/out" || fail "the finding does not name the column"

(run) >"$work/out" 2>&1 &
runner=$!
for _ in $(seq 300); do
  grep -q 'stays up' "$work/out" && break
  kill -0 "$runner" 2>/dev/null || fail "it ended instead of staying up"
  sleep 0.2
done
address=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/out" | head -n 1)
curl --silent --fail "$address/-/healthy" >/dev/null || fail "nobody answers at $address"
began=$SECONDS
kill -TERM "$runner"
wait "$runner" || true
runner=
[ $((SECONDS - began)) -le 10 ] || fail "it took $((SECONDS - began)) s to end"
if curl --silent --max-time 2 "$address/-/healthy" >/dev/null; then fail "driftd still answers"; fi
[ -z "$(ls -A "$work/tmp")" ] || fail "left behind in TMPDIR: $(ls -A "$work/tmp")"

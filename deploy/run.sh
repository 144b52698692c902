#!/usr/bin/env bash
# Shows driftd at work. See usage below, or README.md.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR/.. source=deploy/postgres.sh
. "$repository/deploy/postgres.sh"

usage() {
  cat <<'TEXT'
usage: deploy/run.sh [--once]
       deploy/run.sh [--once] --database URI --migrations DIR

Without --database: installs and builds driftd, starts a private PostgreSQL with the example app's
schema, watches it, changes a column by hand, shows the finding, repairs it, shows that it is
resolved, and stays up until Ctrl-C.

With --database: the same job on your database. Nothing in it is changed.

  --once            end when all has been shown; with --database, driftd check's exit code:
                    0 in sync, 2 drift, 1 could not tell
  --database URI    PostgreSQL's or SQLAlchemy's form of URI
  --migrations DIR  the folder of alembic.ini, or the script directory
  --binary FILE     use this driftd; install and build nothing

Nothing is left behind but the packages and build/release.
TEXT
}

# --- words for the person in front of the terminal

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$'\e[1m' plain=$'\e[0m'
else
  bold='' plain=''
fi
step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
say() { printf '  %s\n' "$*"; }
indent() { sed 's/^/  /'; }
fail() {
  printf 'run.sh: %s\n' "$1" >&2
  if [ -n "$work" ] && [ -s "$work/driftd.log" ]; then
    echo "  the last lines of driftd's log:" >&2
    tail -n 15 "$work/driftd.log" | sed 's/^/    /' >&2
  fi
  exit 1
}

# --- arguments

once=
database=
migrations=
binary=
work=
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=yes ;;
    --database | --migrations | --binary)
      [ $# -ge 2 ] || { usage >&2; fail "$1 needs a value"; }
      case $1 in
        --database) database=$2 ;;
        --migrations) migrations=$2 ;;
        --binary) binary=$2 ;;
      esac
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument: $1" ;;
  esac
  shift
done
if [ -n "$database" ] && [ -z "$migrations" ]; then fail "--database needs --migrations"; fi
if [ -n "$migrations" ] && [ -z "$database" ]; then fail "--migrations needs --database"; fi
if [ -n "$migrations" ] && [ ! -e "$migrations" ]; then fail "there is no $migrations"; fi
if [ -n "$binary" ] && [ ! -x "$binary" ]; then fail "$binary is no program"; fi

# --- what has to end when this script ends, however it ends

driftd_pid=
end() {
  trap - EXIT
  trap '' INT TERM HUP
  if [ -n "$driftd_pid" ]; then
    kill -TERM "$driftd_pid" 2>/dev/null || true
    wait "$driftd_pid" 2>/dev/null || true
  fi
  postgres_end
  [ -z "$work" ] || rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# --- the steps

install_and_build() {
  [ -z "$binary" ] || return 0
  step "Installing what is missing"
  "$repository/deploy/install.sh" --build --run --example
  say "all there"
  step "Building driftd (release)"
  if ! (cd "$repository" && cmake --preset release) >"$work/configure.log" 2>&1; then
    cat "$work/configure.log" >&2
    fail "cmake could not configure the build"
  fi
  (cd "$repository" && cmake --build --preset release --target driftd) ||
    fail "driftd did not build; the compiler's words are above"
  binary=$repository/build/release/driftd
}

free_port() {
  local port
  for port in 10432 $(shuf -i 20000-59999 -n 20); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s' "$port"
      return 0
    fi
  done
  return 1
}

start_example_database() {
  step "Starting a private PostgreSQL as the example app's database"
  postgres_start || fail "no PostgreSQL to show driftd with"
  # The app owns its schema; driftd may connect and read the version table, and nothing more.
  postgres_sql postgres -c "CREATE ROLE brokerage LOGIN" -c "CREATE ROLE driftd LOGIN" \
    -c "CREATE DATABASE brokerage OWNER brokerage"
  local url
  url=$(postgres_url brokerage brokerage)
  say "$url"

  step "Bringing it to head with the real Alembic, and seeding it"
  if ! (
    cd "$repository/deploy/example"
    export DATABASE_URL=$url PYTHONDONTWRITEBYTECODE=1
    /usr/bin/alembic upgrade head && /usr/bin/python3 seed.py
  ) >"$work/alembic.log" 2>&1; then
    cat "$work/alembic.log" >&2
    fail "the example's database could not be made"
  fi
  sed -n 's/.*Running upgrade/  upgrade/p' "$work/alembic.log"
  postgres_sql brokerage -c "GRANT SELECT ON alembic_version TO driftd"
  database=$(postgres_url brokerage driftd)
  migrations=$repository/deploy/example
}

start_driftd() {
  step "Starting driftd beside it"
  local port
  port=$(free_port) || fail "no free port found on 127.0.0.1"
  address=http://127.0.0.1:$port
  setpriv --pdeathsig TERM "$binary" serve --database "$database" --migrations "$migrations" \
    --web.listen-address "127.0.0.1:$port" >"$work/driftd.log" 2>&1 &
  driftd_pid=$!
  say "page     $address/"
  say "metrics  $address/metrics"
}

metrics() { curl --silent --fail --max-time 5 "$address/metrics"; }

# wait_for <pattern in /metrics> <what for>
wait_for() {
  local began=$SECONDS
  until grep -Eq "$1" <<<"$(metrics 2>/dev/null)"; do
    kill -0 "$driftd_pid" 2>/dev/null || { driftd_pid=; fail "driftd ended while waiting for: $2"; }
    [ $((SECONDS - began)) -lt 90 ] || fail "waited 90 s in vain for: $2"
    sleep 0.2
  done
}

# check <wanted exit code, or empty>: prints what `driftd check` says.
check() {
  local code=0
  "$binary" check --database "$database" --migrations "$migrations" --format human \
    >"$work/check.out" 2>"$work/check.err" || code=$?
  say "\$ driftd check"
  indent <"$work/check.out"
  indent <"$work/check.err" >&2
  say "(exit code $code)"
  if [ -n "$1" ] && [ "$code" != "$1" ]; then fail "expected exit code $1"; fi
  checked=$code
}

status_is() { printf '^driftd_status\\{.*status="%s".*\\} 1$' "$1"; }
alter() {
  say "\$ psql: $1"
  PGOPTIONS='--client-min-messages=warning' postgres_sql brokerage -c "SET ROLE brokerage" -c "$1"
}

demonstrate() {
  step "Waiting for the first verdict"
  wait_for "$(status_is in_sync)" "in sync"
  check 0

  step "Somebody changes a column by hand"
  alter "ALTER TABLE positions ALTER COLUMN quantity TYPE numeric(18,2)"
  wait_for "$(status_is drift)" "the finding in /metrics"
  check 2
  say "and in $address/metrics:"
  metrics | grep -E "$(status_is drift)|^driftd_drift_findings\{.*\} [1-9]|^driftd_finding_info\{" |
    indent

  step "The repair"
  alter "ALTER TABLE positions ALTER COLUMN quantity TYPE numeric(20,8)"
  wait_for "$(status_is in_sync)" "the finding to be resolved"
  check 0
  step "Resolved."
}

look_at_yours() {
  step "Waiting for the first verdict"
  wait_for '^driftd_last_(success|check|look)_timestamp_seconds\{.*\} [1-9]' "the first look"
  check ''
}

stay() {
  [ -z "$once" ] || return 0
  step "driftd stays up. Ctrl-C ends it and cleans up."
  say "page     $address/"
  say "metrics  $address/metrics"
  say "log      $work/driftd.log"
  [ -z "$postgres_directory" ] ||
    say "psql     $postgres_bin/psql '$(postgres_url brokerage brokerage)'"
  wait "$driftd_pid" || fail "driftd ended by itself"
}

work=$(mktemp -d)
checked=0
install_and_build
if [ -n "$database" ]; then
  start_driftd
  look_at_yours
else
  start_example_database
  start_driftd
  demonstrate
fi
stay
if [ -z "$postgres_directory" ]; then exit "$checked"; fi

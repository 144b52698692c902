#!/usr/bin/env bash
# Installs what the tests need, builds preset dev, and runs the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: tests/run.sh [--fast] [ctest's arguments]...

  --fast      only what needs no server: seconds
  -L LABEL    only one label: unit, pg, daemon, e2e
  -R REGEX    only tests whose names match
  -C image    also build the container image and let it look (minutes; needs podman and root)
TEXT
}

preset=dev
case ${1:-} in
  --fast) preset=fast; shift ;;
  -h | --help) usage; exit 0 ;;
esac

deploy/install.sh --build --run --test
mkdir -p build
cmake --preset dev >build/configure.log 2>&1 || { cat build/configure.log >&2; exit 1; }
cmake --build --preset dev
ctest --preset "$preset" --parallel "$(nproc)" "$@"

#!/usr/bin/env bash
# Installs what driftd needs on Debian 12, from Debian's packages. Run it again at any time: what is
# there already is left alone. No service is started and no database cluster is made.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deploy/install.sh [--build] [--run] [--example] [--test]

  --build    compilers and libraries, and the Python grammar that npm carries
  --run      run-time libraries, and PostgreSQL 15 for driftd's scratch server
  --example  what the example app needs: the real Alembic
  --test     what the tests need: --example, Prometheus, Alertmanager, linters

Without a flag: --build --run --example.
TEXT
}

build_packages=(
  ca-certificates g++ make cmake ninja-build ccache pkg-config
  libpqxx-dev libboost1.81-dev libboost-json1.81-dev libyaml-cpp-dev prometheus-cpp-dev libfmt-dev
  libcli11-dev libssl-dev zlib1g-dev libpg-query-dev libtree-sitter-dev libsqlite3-dev
  libgtest-dev libgmock-dev libbenchmark-dev
)
run_packages=(
  ca-certificates libpqxx-6.4 libboost-json1.81.0 libyaml-cpp0.7 libprometheus-cpp-core1.0 libfmt9
  libssl3 zlib1g libpg-query1504.0 libtree-sitter0 libsqlite3-0 postgresql-15
)
example_packages=(alembic python3-psycopg2 curl)
test_packages=(
  pgbouncer prometheus prometheus-alertmanager python3-yaml jq git shellcheck clang-format docker-compose
)

# The C sources that the tree-sitter grammar for Python generates. 0.21 is the newest that Debian
# 12's libtree-sitter reads.
grammar_version=0.21.0
grammar_sha256=787841ada211201c4d7b4f4c3115f31bd7e7ed97cc76986b0ef108035ffa7ef2
grammar_directory=/usr/local/src/tree-sitter-python-$grammar_version

say() { printf 'install: %s\n' "$*" >&2; }
fail() {
  printf 'install: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '  %s\n' "$2" >&2
  exit 1
}

want_grammar=
packages=()
add() {
  case $1 in
    --build) packages+=("${build_packages[@]}"); want_grammar=yes ;;
    --run) packages+=("${run_packages[@]}") ;;
    --example) packages+=("${example_packages[@]}") ;;
    --test) packages+=("${example_packages[@]}" "${test_packages[@]}") ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument: $1" ;;
  esac
}
[ $# -gt 0 ] || set -- --build --run --example
for flag in "$@"; do add "$flag"; done

command -v dpkg-query >/dev/null || fail "this is no Debian: dpkg-query is missing" \
  "Build and run driftd on Debian 12, or in the image of deploy/Dockerfile."

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# One dpkg-query for all: a second run has to be quick.
missing_packages() {
  local present
  present=" $(dpkg-query -W -f '${db:Status-Status}=${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed=//p' | tr '\n' ' ' || true)"
  local name
  for name in "$@"; do
    case $present in *" $name "*) ;; *) printf '%s\n' "$name" ;; esac
  done | sort -u
}

have_grammar() { [ -f "$grammar_directory/src/parser.c" ] && [ -f "$grammar_directory/src/scanner.c" ]; }

mapfile -t missing < <(missing_packages "${packages[@]}")
if [ -n "$want_grammar" ] && ! have_grammar && ! command -v npm >/dev/null; then
  missing+=(npm)
fi
need_grammar=
if [ -n "$want_grammar" ] && ! have_grammar; then need_grammar=yes; fi
[ ${#missing[@]} -gt 0 ] || [ -n "$need_grammar" ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  what="${missing[*]}${need_grammar:+ $grammar_directory}"
  command -v sudo >/dev/null || fail "not root, there is no sudo, and this is missing: $what" \
    "Run deploy/install.sh $* once as root; after that driftd builds and runs as any user."
  as_root=(sudo)
fi

scratch=$(mktemp -d)
policy=/usr/sbin/policy-rc.d
cluster_config=/etc/postgresql-common/createcluster.conf
cluster_mark='create_main_cluster = false # while driftd is being installed'
own_policy=
own_cluster_config=
restore_cluster_config() {
  "${as_root[@]}" sed -i "/^$cluster_mark\$/d" "$cluster_config"
  # It was not there before: what the package meant to put there lies beside it.
  if [ ! -s "$cluster_config" ] && [ -e "$cluster_config.ucf-dist" ]; then
    "${as_root[@]}" mv "$cluster_config.ucf-dist" "$cluster_config"
  fi
}
end() {
  rm -rf "$scratch"
  [ -z "$own_policy" ] || "${as_root[@]}" rm -f "$policy"
  [ -z "$own_cluster_config" ] || restore_cluster_config
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A package that brings a service would start it, and PostgreSQL's would make a cluster.
keep_quiet() {
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$scratch/policy"
    own_policy=yes
    "${as_root[@]}" install -m 755 "$scratch/policy" "$policy"
  fi
  if ! installed postgresql-15; then
    "${as_root[@]}" mkdir -p "$(dirname "$cluster_config")"
    own_cluster_config=yes
    printf '%s\n' "$cluster_mark" | "${as_root[@]}" tee -a "$cluster_config" >/dev/null
  fi
}

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -q -y \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    -o Dpkg::Use-Pty=0 "$@" >"$scratch/apt.log" 2>&1 && return
  tail -n 30 "$scratch/apt.log" >&2
  fail "apt-get $1 failed; its last lines are above" \
    "Check the network and /etc/apt/sources.list: Debian 12's main section is what is needed."
}

if [ ${#missing[@]} -gt 0 ]; then
  say "installing ${missing[*]}"
  keep_quiet
  apt update
  apt install --no-install-recommends "${missing[@]}"
fi

if [ -n "$need_grammar" ]; then
  say "fetching tree-sitter-python $grammar_version with npm"
  tarball=$scratch/tree-sitter-python-$grammar_version.tgz
  (cd "$scratch" && npm pack --ignore-scripts --cache "$scratch/npm" \
    "tree-sitter-python@$grammar_version" >"$scratch/npm.log" 2>&1) || {
    cat "$scratch/npm.log" >&2
    fail "npm could not fetch tree-sitter-python@$grammar_version" \
      "Check that npm's registry can be reached from here."
  }
  printf '%s  %s\n' "$grammar_sha256" "$tarball" | sha256sum --check --status ||
    fail "tree-sitter-python-$grammar_version.tgz is not the file that driftd was tested with" \
      "Its SHA-256 should be $grammar_sha256. Do not build with it."
  mkdir "$scratch/grammar"
  tar -xzf "$tarball" -C "$scratch/grammar" --strip-components 1 --no-same-owner
  chmod -R a+rX "$scratch/grammar"
  "${as_root[@]}" mkdir -p "$(dirname "$grammar_directory")"
  "${as_root[@]}" rm -rf "$grammar_directory"
  "${as_root[@]}" cp -r "$scratch/grammar" "$grammar_directory"
fi
say "done"

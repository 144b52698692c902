#!/usr/bin/env bash
# Builds deploy/Dockerfile on a base made here from Debian's packages, without any registry, and
# lets the container look at the example's database: read-only root, no capability, no network.
# Exit code 77: it cannot be done here, and the reason is printed.
#
# Packages: podman buildah runc netavark iptables catatonit mmdebstrap
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR/../.. source=deploy/postgres.sh
. "$repository/deploy/postgres.sh"

fail() { printf 'image: %s\n' "$*" >&2; exit 1; }
skip() { printf 'image: skipped: %s\n' "$*" >&2; exit 77; }

[ "$(id -u)" -eq 0 ] || skip "making a base image takes root"
for program in podman runc mmdebstrap; do
  command -v "$program" >/dev/null || skip "$program is not installed"
done

work=$(mktemp -d /var/tmp/driftd-image.XXXXXX)
container=
end() {
  trap - EXIT
  [ -z "$container" ] || podman rm --force --time 1 "$container" >/dev/null 2>&1 || true
  postgres_end
  podman rmi --all --force >/dev/null 2>&1 || true
  local mounted
  awk -v work="$work/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort -r |
    while read -r mounted; do umount "$mounted" || true; done
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Storage and settings of our own: nothing of the machine's podman is touched. runc and cgroupfs
# also work where there is no systemd.
cat >"$work/containers.conf" <<'TEXT'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
TEXT
cat >"$work/storage.conf" <<TEXT
[storage]
driver = "overlay"
graphroot = "$work/graph"
runroot = "$work/run"
TEXT
export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf

# The site's own certificate authorities come along: npm has to get through the site's proxy.
authorities=()
if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
  # shellcheck disable=SC2016 # mmdebstrap's shell expands it
  authorities=(
    --customize-hook='copy-in /usr/local/share/ca-certificates /usr/local/share'
    --customize-hook='chroot "$1" update-ca-certificates'
  )
fi
echo "image: making the base"
mmdebstrap --quiet --variant=minbase --include=ca-certificates "${authorities[@]}" bookworm \
  "$work/base.tar"
podman import --quiet --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  "$work/base.tar" localhost/driftd-base >/dev/null
rm "$work/base.tar"

echo "image: building"
podman build --quiet --format docker --network host --build-arg BASE=localhost/driftd-base \
  --file "$repository/deploy/Dockerfile" --tag localhost/driftd "$repository" >"$work/build.log" 2>&1 || {
  tail -n 40 "$work/build.log" >&2
  fail "the image does not build"
}
[ "$(podman image inspect --format '{{.User}}' localhost/driftd)" = 65532:65532 ] || fail "it runs as root"
printf 'image: %s MB\n' "$(($(podman image inspect --format '{{.Size}}' localhost/driftd) / 1000000))"

postgres_start || fail "no PostgreSQL"
# The container's user has to reach the socket; the data stays closed.
chmod 711 "$postgres_directory"
postgres_sql postgres -c "CREATE ROLE brokerage LOGIN" -c "CREATE ROLE driftd LOGIN" \
  -c "CREATE DATABASE brokerage OWNER brokerage"
(
  cd "$repository/deploy/example"
  DATABASE_URL=$(postgres_url brokerage brokerage)
  export DATABASE_URL PYTHONDONTWRITEBYTECODE=1
  /usr/bin/alembic upgrade head
  /usr/bin/python3 seed.py
) 2>"$work/alembic.log" || { cat "$work/alembic.log" >&2; fail "the example's database could not be made"; }
postgres_sql brokerage -c "GRANT SELECT ON alembic_version TO driftd"

guest=(
  --network none --read-only --read-only-tmpfs=false --tmpfs /tmp:size=256m --cap-drop ALL
  --security-opt no-new-privileges --pids-limit 100
  --volume "$postgres_directory:/database:ro" --volume "$repository/deploy/example:/migrations:ro"
)
where=(--database "postgresql://driftd@/brokerage?host=/database" --migrations /migrations)

look() {
  local code=0
  podman run --rm "${guest[@]}" localhost/driftd check "${where[@]}" >"$work/check.out" 2>&1 || code=$?
  cat "$work/check.out"
  [ "$code" = "$1" ] || fail "driftd check in the container: exit code $code, wanted $1"
}
echo "image: one look at a database that is in sync"
look 0
postgres_sql brokerage -c "ALTER TABLE users DROP COLUMN phone"
echo "image: one look at a database that has drifted"
look 2
grep -q phone "$work/check.out" || fail "the finding does not name the column"

echo "image: the daemon"
container=$(podman run --detach "${guest[@]}" localhost/driftd serve "${where[@]}")
healthy=
for _ in $(seq 50); do
  if podman healthcheck run "$container" >/dev/null 2>&1; then healthy=yes; break; fi
  sleep 0.2
done
[ -n "$healthy" ] || { podman logs "$container" >&2; fail "driftd healthcheck fails in the container"; }
began=$SECONDS
podman stop --time 20 "$container" >/dev/null
[ $((SECONDS - began)) -le 6 ] || fail "it took $((SECONDS - began)) s to stop"
code=$(podman inspect --format '{{.State.ExitCode}}' "$container")
[ "$code" = 0 ] || { podman logs "$container" >&2; fail "serve ended with exit code $code"; }
echo "image: built, looked, served, stopped"

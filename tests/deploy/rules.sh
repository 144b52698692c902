#!/usr/bin/env bash
# The alerting rules: well-formed, tested, and about metrics that driftd has.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$repository/deploy"

fail() { printf 'rules: %s\n' "$*" >&2; exit 1; }

promtool check rules --lint=all --lint-fatal prometheus/driftd.rules.yml
promtool test rules prometheus/driftd.rules.test.yml
promtool check config prometheus/prometheus.yml
amtool check-config alertmanager/alertmanager.yml

mapfile -t alerts < <(sed -n 's/^ *- alert: //p' prometheus/driftd.rules.yml)
[ ${#alerts[@]} -gt 0 ] || fail "no alerts found"
for alert in "${alerts[@]}"; do
  tests=$(grep -c "alertname: $alert\$" prometheus/driftd.rules.test.yml || true)
  [ "$tests" -ge 3 ] || fail "$alert is asked for $tests times: not yet, firing and resolved are three"
done

mapfile -t names < <(grep -v '^ *#' prometheus/driftd.rules.yml | grep -o '\bdriftd_[a-z_]*' | sort -u)
[ ${#names[@]} -gt 0 ] || fail "no metrics found"
for name in "${names[@]}"; do
  grep -rqF --include='*.cpp' "$name" "$repository/daemon" || fail "driftd has no metric $name"
done

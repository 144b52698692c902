#include "daemon/judge/tenants.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace driftd {
namespace {

const Sighting* sighting_of(const Finding& finding, std::string_view tenant) {
  const auto found = std::ranges::lower_bound(finding.tenants, tenant, {}, &Sighting::tenant);
  return found != finding.tenants.end() && found->tenant == tenant ? &*found : nullptr;
}

using Names = std::set<std::string, std::less<>>;

std::vector<Sighting> sightings(const Names& tenants, const Names& unknown, const Finding* before,
                                Time now) {
  std::vector<Sighting> result;
  for (const std::string& tenant : tenants) {
    const Sighting* known = before == nullptr ? nullptr : sighting_of(*before, tenant);
    result.push_back(known == nullptr ? Sighting{tenant, FindingState::Seen, now, 1} : *known);
    if (known != nullptr && !unknown.contains(tenant)) ++result.back().looks;
  }
  return result;
}

Names unknown_ones(const Report& report) {
  Names names;
  for (const Tenant& tenant : report.tenants) {
    if (tenant.unknown) names.insert(tenant.schema);
  }
  return names;
}

}  // namespace

void judge_tenants(Report& report, std::vector<TenantDrift> drifts, const Policy& policy,
                   const Report* previous, Time now) {
  std::map<std::string, Names> tenants;
  std::vector<Drift> alone;
  for (TenantDrift& one : drifts) {
    tenants[fingerprint_of(report, one.drift)] = {one.tenants.begin(), one.tenants.end()};
    alone.push_back(std::move(one.drift));
  }
  // That nothing can be told of a tenant repairs nothing.
  const Names unknown = unknown_ones(report);
  for (const Finding& finding : previous == nullptr ? std::vector<Finding>() : previous->findings) {
    for (const Sighting& one : finding.tenants) {
      if (!unknown.contains(one.tenant)) continue;
      if (!tenants.contains(finding.fingerprint)) alone.push_back(finding.drift);
      tenants[finding.fingerprint].insert(one.tenant);
    }
  }
  judge(report, std::move(alone), policy, previous, now);
  std::map<std::string_view, const Finding*> before;
  if (previous != nullptr) {
    for (const Finding& finding : previous->findings) before.emplace(finding.fingerprint, &finding);
  }
  for (Finding& finding : report.findings) {
    const auto known = before.find(finding.fingerprint);
    finding.tenants = sightings(tenants[finding.fingerprint], unknown,
                                known == before.end() ? nullptr : known->second, now);
  }
  settle_sightings(report, policy, now);
}

void settle_sightings(Report& report, const Policy& policy, Time now) {
  std::map<std::string_view, Time> new_until;
  for (const Tenant& tenant : report.tenants) {
    if (tenant.new_until > now) new_until.emplace(tenant.schema, tenant.new_until);
  }
  for (Finding& finding : report.findings) {
    if (finding.tenants.empty()) continue;
    finding.state = FindingState::Seen;
    finding.first_seen = Time::max();
    finding.looks = 0;
    for (Sighting& one : finding.tenants) {
      if (one.state == FindingState::Seen) {
        const bool deploying = report.deployment || new_until.contains(one.tenant);
        one.state = state_of(one.looks, one.first_seen, policy, deploying, now);
      }
      if (one.state == FindingState::Confirmed) finding.state = FindingState::Confirmed;
      finding.first_seen = std::min(finding.first_seen, one.first_seen);
      finding.looks = std::max(finding.looks, one.looks);
    }
  }
}

void confirm_sightings(Report& report) {
  for (Finding& finding : report.findings) {
    if (finding.state != FindingState::Confirmed) continue;
    const bool any = std::ranges::any_of(
        finding.tenants, [](const Sighting& one) { return one.state == FindingState::Confirmed; });
    if (any) continue;
    for (Sighting& one : finding.tenants) {
      one.state = FindingState::Confirmed;
      one.first_seen = finding.first_seen;
      one.looks = finding.looks;
    }
  }
}

std::map<std::string_view, Status> statuses_of_tenants(const Report& report) {
  std::map<std::string_view, Status> statuses;
  const Names unknown = unknown_ones(report);
  for (const Tenant& tenant : report.tenants) {
    statuses[tenant.schema] = tenant.unknown ? Status::Unknown : Status::InSync;
  }
  for (const Finding& finding : report.findings) {
    for (const Sighting& one : finding.tenants) {
      const auto tenant = statuses.find(one.tenant);
      if (tenant == statuses.end() || tenant->second == Status::Drift) continue;
      if (unknown.contains(one.tenant)) continue;
      tenant->second = one.state == FindingState::Confirmed ? Status::Drift : Status::Unknown;
    }
  }
  return statuses;
}

TenantCounts count_tenants(const Report& report) {
  TenantCounts counts;
  for (const auto& [schema, status] : statuses_of_tenants(report)) {
    switch (status) {
      case Status::InSync:
        ++counts.in_sync;
        break;
      case Status::Drift:
        ++counts.drift;
        break;
      case Status::Unknown:
        ++counts.unknown;
        break;
    }
  }
  return counts;
}

}  // namespace driftd

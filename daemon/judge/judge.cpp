#include "daemon/judge/judge.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "daemon/judge/tenants.h"
#include "expected_schema/base/digest.h"

namespace driftd {
namespace {

/// From the moment at which a look begins to the snapshot that it reads.
constexpr std::chrono::seconds reading{2};

void add_values(Digest& digest, const std::vector<Difference>& list) {
  for (const Difference& one : list) {
    digest.add(one.property);
    for (const auto& value : {one.expected, one.actual}) digest.add(value ? "=" + *value : "");
  }
}

}  // namespace

std::string fingerprint_of(const Report& report, const Drift& drift) {
  Digest digest;
  digest.add(report.name)
      .add(drift.object.kind)
      .add(drift.object.identity)
      .add(name_of(drift.kind));
  std::vector<std::string_view> properties;
  for (const Difference& difference : drift.differences) properties.push_back(difference.property);
  std::ranges::sort(properties);  // the order of a kind's columns may change with a release
  for (const std::string_view property : properties) digest.add(property);
  if (!report.tenants.empty()) {
    // Two tenants may differ in one property, each otherwise.
    add_values(digest, drift.differences);
    add_values(digest, drift.properties);
    digest.add(std::to_string(drift.folded));
  }
  return digest.hex().substr(0, 16);
}

FindingState state_of(int looks, Time first_seen, const Policy& policy, bool deploying, Time now) {
  if (looks < policy.confirm_looks) return FindingState::Seen;
  const bool waits =
      policy.waits && deploying && now >= first_seen && now - first_seen < policy.grace;
  return waits ? FindingState::Seen : FindingState::Confirmed;
}

namespace {

bool comes_first(const Finding& a, const Finding& b) {
  if (a.impact != b.impact) return a.impact > b.impact;
  return std::tie(a.drift.object, a.drift.kind) < std::tie(b.drift.object, b.drift.kind);
}

void carry_over(Finding& finding, const Finding& before) {
  const bool same = before.drift == finding.drift;
  finding.since = before.since;
  if (!same) finding.since.committed = {};
  if (!same && before.state == FindingState::Seen) return;  // another drift: it starts anew
  finding.first_seen = before.first_seen;
  if (same) {
    finding.fate = before.fate;
    finding.cause = before.cause;
    finding.provenance = before.provenance;
    finding.set_by = before.set_by;
    finding.changed_by = before.changed_by;
  }
  finding.looks = same ? before.looks + 1 : 1;
  finding.state = before.state;
}

}  // namespace

void judge(Report& report, std::vector<Drift> drifts, const Policy& policy, const Report* previous,
           Time now) {
  std::unordered_map<std::string_view, const Finding*> before;
  if (previous != nullptr) {
    for (const Finding& finding : previous->findings) before.emplace(finding.fingerprint, &finding);
  }
  report.findings.clear();
  report.resolved.clear();
  for (Drift& drift : drifts) {
    Consequence consequence = consequence_of(drift);
    Finding finding;
    finding.fingerprint = fingerprint_of(report, drift);
    finding.drift = std::move(drift);
    finding.impact = consequence.impact;
    finding.consequence = std::move(consequence.sentence);
    finding.first_seen = now;
    if (const auto known = before.find(finding.fingerprint); known != before.end()) {
      carry_over(finding, *known->second);
    } else if (previous != nullptr) {
      finding.since = since_of(*previous, report);
    }
    if (finding.state == FindingState::Seen) {
      finding.state =
          state_of(finding.looks, finding.first_seen, policy, report.deployment.has_value(), now);
    }
    report.findings.push_back(std::move(finding));
  }
  std::ranges::sort(report.findings, comes_first);

  // An object that drifts in other properties now is not resolved; it has another finding.
  std::vector<std::reference_wrapper<const ObjectId>> drifting;
  for (const Finding& finding : report.findings) drifting.emplace_back(finding.drift.object);
  const auto by_id = [](const ObjectId& a, const ObjectId& b) { return a < b; };
  std::ranges::sort(drifting, by_id);
  if (previous != nullptr) {
    for (const Finding& finding : previous->findings) {
      if (finding.state != FindingState::Confirmed) continue;
      if (std::binary_search(drifting.begin(), drifting.end(), finding.drift.object, by_id)) {
        continue;
      }
      report.resolved.push_back(finding);
    }
  }
  // The causes are those of the look before, until they are asked for anew.
  if (previous != nullptr) {
    std::ranges::copy_if(previous->causes, std::back_inserter(report.causes),
                         [&](const NamedCause& one) {
                           return std::ranges::find(report.findings, one.cause, &Finding::cause) !=
                                  report.findings.end();
                         });
  }
  report.looked = now;
}

Report renew(const Report& previous, const Policy& policy, std::optional<Deployment> deployment,
             Time now) {
  Report report = previous;
  report.deployment = std::move(deployment);
  report.resolved.clear();
  report.looked = now;
  // Of a tenant of which nothing can be told this is no look.
  std::set<std::string_view> unknown;
  for (const Tenant& tenant : report.tenants) {
    if (tenant.unknown) unknown.insert(tenant.schema);
  }
  for (Finding& finding : report.findings) {
    ++finding.looks;
    for (Sighting& one : finding.tenants) {
      if (!unknown.contains(one.tenant)) ++one.looks;
    }
    if (finding.state == FindingState::Seen && finding.tenants.empty()) {
      finding.state =
          state_of(finding.looks, finding.first_seen, policy, report.deployment.has_value(), now);
    }
  }
  settle_sightings(report, policy, now);
  return report;
}

void attach_commit_times(Report& report, const std::map<ObjectId, Time>& times) {
  for (Finding& finding : report.findings) {
    if (finding.since.committed != Time{} || finding.since.same_catalogue) continue;
    const auto known = times.find(actual_object(finding.drift));
    if (known == times.end()) continue;
    if (known->second < finding.since.agreed) continue;
    if (known->second > finding.first_seen + reading) continue;
    finding.since.committed = known->second;
  }
}

void attach_provenance(Report& report, const std::map<ObjectId, Origin>& origins) {
  for (Finding& finding : report.findings) {
    const auto known = origins.find(finding.drift.object);
    if (known == origins.end()) continue;
    const Origin& origin = known->second;
    finding.provenance = origin.last;
    finding.set_by.clear();
    for (const Difference& difference : finding.drift.differences) {
      const auto set = origin.properties.find(difference.property);
      if (set == origin.properties.end()) continue;
      if (finding.set_by.empty()) finding.provenance = set->second;
      finding.set_by.insert(*set);
    }
  }
}

}  // namespace driftd

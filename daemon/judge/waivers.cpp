#include "daemon/judge/waivers.h"

#include <algorithm>
#include <utility>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

bool has_expired(const Waiver& waiver, Time now) {
  return now >= waiver.until;
}

bool covers_property(const Waiver& waiver, const std::string& property) {
  return std::ranges::any_of(waiver.properties,
                             [&](const std::string& one) { return one == "*" || one == property; });
}

/// The waiver that covers the finding; null where none does. `used`: by their places.
const Waiver* waiver_of(const Finding& finding, const std::vector<Waiver>& waivers, Time now,
                        std::vector<bool>& used) {
  const Waiver* found = nullptr;
  const auto fits = [&](const Waiver& waiver) {
    return waiver.comparison == finding.comparison && waiver.drift == finding.drift.kind &&
           !has_expired(waiver, now) && covers(waiver, finding.drift.object);
  };
  if (finding.drift.kind != DriftKind::Changed) {
    for (std::size_t i = 0; i < waivers.size(); ++i) {
      if (!fits(waivers[i])) continue;
      used[i] = true;
      if (found == nullptr) found = &waivers[i];
    }
    return found;
  }
  bool all = !finding.drift.differences.empty();
  for (const Difference& difference : finding.drift.differences) {
    bool covered = false;
    for (std::size_t i = 0; i < waivers.size(); ++i) {
      if (!fits(waivers[i]) || !covers_property(waivers[i], difference.property)) continue;
      used[i] = true;
      covered = true;
      if (found == nullptr) found = &waivers[i];
    }
    all = all && covered;
  }
  return all ? found : nullptr;
}

}  // namespace

bool covers(const Waiver& waiver, const ObjectId& object) {
  return waiver.kind == object.kind && glob_matches(waiver.object, object.identity);
}

void apply_waivers(Report& report, const std::vector<Waiver>& waivers, Time now) {
  report.waived.clear();
  report.unused_waivers.clear();
  report.expired_waivers.clear();
  std::vector<bool> used(waivers.size());
  std::vector<Finding> left;
  for (Finding& finding : report.findings) {
    if (const Waiver* waiver = waiver_of(finding, waivers, now, used)) {
      report.waived.push_back({std::move(finding), *waiver});
    } else {
      left.push_back(std::move(finding));
    }
  }
  report.findings = std::move(left);
  for (std::size_t i = 0; i < waivers.size(); ++i) {
    if (waivers[i].comparison != report.comparison) continue;
    if (has_expired(waivers[i], now)) {
      report.expired_waivers.push_back(waivers[i]);
    } else if (!used[i]) {
      report.unused_waivers.push_back(waivers[i]);
    }
  }
}

}  // namespace driftd

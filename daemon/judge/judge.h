#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/judge/report.h"

namespace driftd {

struct Policy {
  int confirm_looks = 2;  ///< looks in a row that must agree before a finding counts; at least 1
  /// How long after its first sighting a finding may wait for a deployment to end.
  std::chrono::milliseconds grace{0};
  bool waits = true;  ///< false: nothing waits for a deployment to end, it is only told
};

/// The findings of this look: carries `first_seen` and `looks` over from the report before where
/// the same drift (same fingerprint, same values) was there, and starts anew where it was not.
/// A confirmed finding whose values changed stays confirmed. While the report speaks of a
/// deployment no finding is confirmed before `policy.grace` is over. Pure.
void judge(Report& report, std::vector<Drift> drifts, const Policy& policy, const Report* previous,
           Time now);

/// The state of what was not confirmed before. `deploying`: for the end of which it may wait.
FindingState state_of(int looks, Time first_seen, const Policy& policy, bool deploying, Time now);

/// See Finding.
std::string fingerprint_of(const Report& report, const Drift& drift);

/// A look that found nothing changed since the report before: the same findings, seen once more.
Report renew(const Report& previous, const Policy& policy, std::optional<Deployment> deployment,
             Time now);

/// Notes when the rows behind findings were committed, by object: where that lies between the last
/// look that agreed and the first that did not, it is since when. Anything else is about another
/// change of the row, or another clock, and is left out.
void attach_commit_times(Report& report, const std::map<ObjectId, Time>& times);

/// Fills in which migrations set what has drifted, where that is known.
void attach_provenance(Report& report, const std::map<ObjectId, Origin>& origins);

}  // namespace driftd

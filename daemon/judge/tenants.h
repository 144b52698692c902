#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/judge/judge.h"

namespace driftd {

/// One and the same drift, and the schemas of the tenants that have it.
struct TenantDrift {
  Drift drift;
  std::vector<std::string> tenants;  ///< sorted
};

/// judge() for a database with one schema per tenant; `report.tenants` is filled in. A finding is
/// about all tenants that have it; each of them is confirmed by looks of its own, and waits until
/// it is no longer new.
void judge_tenants(Report& report, std::vector<TenantDrift> drifts, const Policy& policy,
                   const Report* previous, Time now);

/// The states of sightings as they are now, and of the findings by them.
void settle_sightings(Report& report, const Policy& policy, Time now);

/// Findings that a memory says were confirmed before were so of their tenants.
void confirm_sightings(Report& report);

/// By schema: unknown where nothing can be told, drift where a finding that counts has it, unknown
/// while one waits to be confirmed.
std::map<std::string_view, Status> statuses_of_tenants(const Report& report);

struct TenantCounts {
  std::size_t in_sync = 0;
  std::size_t drift = 0;
  std::size_t unknown = 0;
};
TenantCounts count_tenants(const Report& report);

}  // namespace driftd

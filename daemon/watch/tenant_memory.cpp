#include "daemon/watch/tenant_memory.h"

#include <algorithm>

namespace driftd {
namespace {

/// A tenant is often made in several transactions: the schema, then its tables.
constexpr std::chrono::minutes is_new{1};
constexpr std::chrono::minutes is_migrating{1};

/// While a rollout goes on most tenants are at one of two revisions.
constexpr std::size_t most_histories = 64;

}  // namespace

void TenantMemory::see(const std::vector<TenantVersion>& versions, Time now) {
  std::map<std::string, Known> seen;
  for (const TenantVersion& version : versions) {
    const auto before = known_.find(version.schema);
    Known& known = seen[version.schema];
    if (before != known_.end()) {
      known = before->second;
    } else if (looked_) {
      known.appeared = now;
    }
    if (version.problem) continue;
    if (before != known_.end() && known.revisions != version.revisions) known.moved = now;
    known.revisions = version.revisions;
  }
  known_ = std::move(seen);
  looked_ = true;
}

std::size_t TenantMemory::migrated(Time now) const {
  return static_cast<std::size_t>(std::ranges::count_if(known_, [&](const auto& one) {
    const Time moved = one.second.moved;
    return moved != Time{} && moved <= now && now - moved < is_migrating;
  }));
}

Time TenantMemory::new_until(const std::string& schema) const {
  const auto known = known_.find(schema);
  if (known == known_.end() || known->second.appeared == Time{}) return {};
  return known->second.appeared + is_new;
}

std::shared_ptr<const AppliedHistory> TenantMemory::history(
    const std::shared_ptr<const AppliedHistory>& applied,
    const std::vector<std::pair<std::string, std::string>>& extensions) {
  if (extensions != extensions_) made_.clear();
  extensions_ = extensions;
  const auto known = std::ranges::find(made_, applied, &Made::of);
  if (known != made_.end()) return known->history;
  if (made_.size() == most_histories) made_.erase(made_.begin());
  made_.push_back(
      {applied, std::make_shared<const AppliedHistory>(for_tenants(*applied, extensions))});
  return made_.back().history;
}

}  // namespace driftd

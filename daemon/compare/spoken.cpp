#include "daemon/compare/spoken.h"

#include <algorithm>
#include <set>

namespace driftd {
namespace {

bool is_privilege(std::string_view kind) {
  return kind == "privilege" || kind == "default privilege";
}

/// The objects that have privileges of their own; for default privileges without a schema, nothing.
std::set<ObjectId> spoken_of(const Catalogue& expected) {
  std::set<ObjectId> objects;
  for (const Object& object : expected.objects()) {
    if (is_privilege(object.kind)) objects.insert(object.parent());
  }
  return objects;
}

}  // namespace

Privileges privileges_named(std::string_view name) {
  if (name == "all") return Privileges::All;
  return name == "none" ? Privileges::None : Privileges::Spoken;
}

void drop_unspoken(std::vector<Drift>& drifts, const Expected& expected, Privileges privileges) {
  const bool any = std::ranges::any_of(
      drifts, [](const Drift& drift) { return is_privilege(drift.object.kind); });
  std::set<ObjectId> spoken;
  if (any && privileges == Privileges::Spoken) spoken = spoken_of(expected.catalogue);
  std::erase_if(drifts, [&](const Drift& drift) {
    const std::string& kind = drift.object.kind;
    if (kind == "database") return true;
    if (kind == "setting" || kind == "security label") return drift.kind == DriftKind::Unexpected;
    if (!is_privilege(kind) || privileges == Privileges::All) return false;
    if (privileges == Privileges::None) return true;
    return drift.kind == DriftKind::Unexpected &&
           !spoken.contains(drift.parent.value_or(ObjectId()));
  });
}

}  // namespace driftd

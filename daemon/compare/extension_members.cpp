#include "daemon/compare/extension_members.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace driftd {
namespace {

constexpr std::string_view member_kind = "extension member";
constexpr std::string_view mark = "rewritten";

/// In another version, or in another schema, which is in the name of each member.
std::set<std::string> changed_extensions(const std::vector<Drift>& drifts) {
  std::set<std::string> names;
  for (const Drift& drift : drifts) {
    if (drift.object.kind == "extension" && drift.kind == DriftKind::Changed) {
      names.insert(drift.object.identity);
    }
  }
  return names;
}

bool is_routine(std::string_view member) {
  return member.starts_with("function ") || member.starts_with("procedure ") ||
         member.starts_with("aggregate ");
}

bool is_rewritten(const Catalogue& catalogue, const ObjectId& id) {
  const Object* object = catalogue.find(id.kind, id.identity);
  return object != nullptr && object->property(mark);
}

bool by_the_extension(Drift& drift, const Expected& expected, const Actual& actual) {
  if (drift.kind == DriftKind::Unexpected) return true;
  if (drift.kind != DriftKind::Changed) return false;
  std::erase_if(drift.differences, [](const Difference& one) { return one.property == mark; });
  if (drift.differences.empty()) return true;
  return is_routine(drift.object.identity) && !is_rewritten(actual.catalogue, drift.object) &&
         !is_rewritten(expected.catalogue, drift.object);
}

}  // namespace

void settle_extension_members(std::vector<Drift>& drifts, const Expected& expected,
                              const Actual& actual) {
  const std::set<std::string> changed = changed_extensions(drifts);
  std::erase_if(drifts, [&](Drift& drift) {
    if (drift.object.kind != member_kind) return false;
    return (drift.parent && changed.contains(drift.parent->identity)) ||
           by_the_extension(drift, expected, actual);
  });

  std::vector<std::string> taken_out;
  for (const Drift& drift : drifts) {
    if (drift.object.kind == member_kind && drift.kind == DriftKind::Missing) {
      taken_out.push_back(drift.object.identity);
    }
  }
  if (taken_out.empty()) return;
  std::erase_if(drifts, [&](const Drift& drift) {
    // A member's identity names its kind as SQL does, so that an enum is a type there.
    return drift.kind == DriftKind::Unexpected &&
           std::ranges::any_of(taken_out, [&](const std::string& member) {
             return member.ends_with(" " + drift.object.identity);
           });
  });
}

}  // namespace driftd

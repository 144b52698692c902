#include "daemon/compare/drift.h"

namespace driftd {

std::string_view name_of(DriftKind kind) {
  switch (kind) {
    case DriftKind::Missing:
      return "missing";
    case DriftKind::Unexpected:
      return "unexpected";
    case DriftKind::Changed:
      return "changed";
    case DriftKind::Renamed:
      return "renamed";
  }
  return "changed";
}

ObjectId actual_object(const Drift& drift) {
  if (drift.kind != DriftKind::Renamed || drift.differences.empty()) return drift.object;
  return {drift.object.kind, drift.differences.front().actual.value_or(drift.object.identity)};
}

}  // namespace driftd

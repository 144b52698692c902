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

}  // namespace driftd

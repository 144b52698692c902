#include "daemon/judge/report.h"

#include <algorithm>

namespace driftd {

std::string_view name_of(Comparison comparison) {
  return comparison == Comparison::Models ? "models" : "database";
}

std::string_view name_of(FindingState state) {
  switch (state) {
    case FindingState::Seen:
      return "seen";
    case FindingState::Confirmed:
      return "confirmed";
  }
  return "seen";
}

std::string_view name_of(Status status) {
  switch (status) {
    case Status::InSync:
      return "in_sync";
    case Status::Drift:
      return "drift";
    case Status::Unknown:
      return "unknown";
  }
  return "unknown";
}

std::size_t Report::confirmed() const {
  return static_cast<std::size_t>(
      std::ranges::count(findings, FindingState::Confirmed, &Finding::state));
}

}  // namespace driftd

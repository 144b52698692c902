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

std::string_view name_of(Fate::Kind kind) {
  switch (kind) {
    case Fate::Kind::Renamed:
      return "renamed";
    case Fate::Kind::WasCalled:
      return "was_called";
    case Fate::Kind::CreatedAgain:
      return "created_again";
    case Fate::Kind::NotTheSame:
      return "not_the_same";
  }
  return "created_again";
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

Since since_of(const Report& before, const Report& report) {
  const auto same = [](const std::string& a, const std::string& b) { return !a.empty() && a == b; };
  Since since;
  since.agreed = before.looked;
  since.same_revisions = before.history && report.history &&
                         before.history->database_revisions == report.history->database_revisions;
  since.same_catalogue = same(before.fingerprint, report.fingerprint);
  since.same_expected = same(before.expected_digest, report.expected_digest);
  return since;
}

bool Report::in_sync() const {
  return findings.empty() && unread.empty() &&
         std::ranges::none_of(tenants, [](const Tenant& one) { return one.unknown.has_value(); });
}

std::size_t Report::confirmed() const {
  return static_cast<std::size_t>(
      std::ranges::count(findings, FindingState::Confirmed, &Finding::state));
}

}  // namespace driftd

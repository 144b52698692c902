#include "daemon/watch/look_parts.h"

#include <algorithm>

#include "daemon/watch/settled.h"
#include "expected_schema/postgres/migration_signs.h"

namespace driftd {
namespace {

/// The applied revisions whose files are no longer what they were when they were first seen
/// applied. A revision that is taken back may be edited.
std::vector<std::string> edited(const AppliedHistory& applied, LookMemory& memory, bool whole) {
  std::vector<std::string> revisions = applied.edited;
  if (!applied.unknown_revisions.empty()) return revisions;  // then nothing is told of the others
  std::map<std::string, std::string> digests;
  if (!whole) digests = memory.first_seen_digests;
  for (const Migration& migration : applied.applied) {
    const auto seen = memory.first_seen_digests.find(migration.revision);
    const bool first = seen == memory.first_seen_digests.end();
    const std::string& digest = first ? migration.digest : seen->second;
    if (digest != migration.digest) revisions.push_back(migration.revision);
    digests.emplace(migration.revision, digest);
  }
  memory.first_seen_digests = std::move(digests);
  std::ranges::sort(revisions);
  revisions.erase(std::unique(revisions.begin(), revisions.end()), revisions.end());
  return revisions;
}

}  // namespace

void Stage::end() {
  const auto now = std::chrono::steady_clock::now();
  if (!name_.empty()) seconds_[name_] += std::chrono::duration<double>(now - began_).count();
  began_ = now;
}

HistoryStatus status_of(const AppliedHistory& applied, LookMemory& memory, bool whole) {
  return {applied.tool,          applied.database_revisions, applied.heads,
          applied.pending,       applied.unknown_revisions,  edited(applied, memory, whole),
          applied.applied.size()};
}

bool recent(Time moment, Time now, std::chrono::milliseconds lasts) {
  return moment <= now && now - moment < lasts;
}

Report still_good(LookMemory& memory, const ServerState& state, const Policy& policy,
                  std::vector<std::string> signs, Time now) {
  std::optional<Deployment> deployment = memory.deployment.at(std::move(signs), policy.grace, now);
  Report report = renew(*memory.last_good, policy, std::move(deployment), now);
  report.server = info_of(state);
  memory.last_good = std::make_shared<const Report>(report);
  return report;
}

std::vector<std::string> signs_of_work(Snapshot& snapshot, const DatabaseSettings& settings) {
  std::vector<MigrationLock> locks;
  for (const std::string& key : settings.migration_locks) {
    locks.push_back(parse_migration_lock(key));
  }
  return migration_signs(snapshot, locks);
}

bool may_wait(const Report& report) {
  if (report.confirmed() < report.findings.size()) return true;
  return std::ranges::any_of(report.findings, [](const Finding& finding) {
    return std::ranges::any_of(finding.tenants,
                               [](const Sighting& one) { return one.state == FindingState::Seen; });
  });
}

Error internal_error(const std::exception& error) {
  return {Reason::Internal, error.what(), "This is a defect of driftd; please report it."};
}

Unknown unknown_of(const std::string& stage, const Error& error, Time now) {
  Unknown unknown;
  unknown.stage = stage;
  unknown.reason = error.reason();
  unknown.message = error.message();
  unknown.hint = error.hint();
  unknown.place = error.place();
  unknown.since = unknown.looked = now;
  return unknown;
}

}  // namespace driftd

#include "daemon/watch/since.h"

#include <vector>

#include "daemon/judge/judge.h"
#include "expected_schema/base/error.h"
#include "expected_schema/introspect/commit_times.h"

namespace driftd {
namespace {

std::optional<Fate> created_again(const ObjectId& id, const ObjectIds& before,
                                  const ObjectIds& now) {
  const auto was = before.find(id);
  const auto is = now.find(id);
  if (!was || !is || *was == *is) return std::nullopt;
  return Fate{Fate::Kind::CreatedAgain, id};
}

/// The object of another finding that has the number in `ids`. What has another name than it should
/// have is a finding under both.
std::optional<ObjectId> called(const ObjectIds::Number& number, const ObjectIds& ids,
                               const ObjectId& id, const Report& report, DriftKind kind) {
  for (const Finding& finding : report.findings) {
    const ObjectId& other = finding.drift.object;
    if (finding.drift.kind != kind || other.kind != id.kind || other == id) continue;
    if (ids.find(other) == number) return other;
  }
  return std::nullopt;
}

std::optional<Fate> fate_of_renamed(const Drift& drift, const ObjectIds& before,
                                    const ObjectIds& now) {
  const ObjectId actual = actual_object(drift);
  const auto was = before.find(drift.object);
  const auto is = now.find(actual);
  if (!was || !is) return std::nullopt;
  if (*was == *is) return Fate{Fate::Kind::Renamed, actual};
  // One that was there under its other name all along is an older difference.
  if (before.find(actual)) return std::nullopt;
  return Fate{Fate::Kind::NotTheSame, drift.object};
}

std::optional<Fate> fate_of(const Drift& drift, const Report& report, const ObjectIds& before,
                            const ObjectIds& now) {
  const ObjectId& id = drift.object;
  const auto of_parent = [&] {
    return drift.parent ? created_again(*drift.parent, before, now) : std::nullopt;
  };
  if (drift.kind == DriftKind::Renamed) return fate_of_renamed(drift, before, now);
  if (drift.kind == DriftKind::Missing) {
    if (const auto was = before.find(id)) {
      if (auto name = called(*was, now, id, report, DriftKind::Unexpected)) {
        return Fate{Fate::Kind::Renamed, *std::move(name)};
      }
    }
  } else if (drift.kind == DriftKind::Unexpected) {
    if (const auto is = now.find(id)) {
      if (auto name = called(*is, before, id, report, DriftKind::Missing)) {
        return Fate{Fate::Kind::WasCalled, *std::move(name)};
      }
    }
  } else if (auto fate = created_again(id, before, now)) {
    // A column has a number within its table, which says the same of all its columns.
    const auto table = of_parent();
    return table ? table : fate;
  }
  return of_parent();
}

}  // namespace

void tell_fates(Report& report, const ObjectIds& before, const ObjectIds& now) {
  if (before.database.empty() || before.database != now.database) return;
  for (Finding& finding : report.findings) {
    if (auto fate = fate_of(finding.drift, report, before, now)) finding.fate = std::move(fate);
  }
}

void tell_commit_times(Report& report, const ObjectIds& ids, const DatabaseSettings& settings,
                       KeptSession& session, const std::stop_token& stop) {
  std::vector<ObjectId> objects;
  for (const Finding& finding : report.findings) {
    if (finding.first_seen != report.looked || finding.drift.kind == DriftKind::Missing) continue;
    objects.push_back(actual_object(finding.drift));
  }
  if (!ids.commits_tracked || objects.empty()) return;
  try {
    if (!session.resume(settings.limits, stop)) {
      session.connect(settings.endpoint, settings.limits, stop);
    }
    Snapshot snapshot(session.session(), settings.snapshot);
    attach_commit_times(report, commit_times(snapshot, objects));
    snapshot.end();
    if (settings.keep_connection) return session.rest(settings.interval);
  } catch (const Error&) {
  }
  session.close();
}

}  // namespace driftd

#include "daemon/watch/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/judge/causes.h"
#include "daemon/watch/differences.h"
#include "expected_schema/base/digest.h"

namespace driftd {
namespace {

/// So many of the newest applied revisions, and of the next pending ones, are looked at.
constexpr std::size_t most_revisions = 20;
constexpr std::chrono::minutes try_again{10};

std::vector<std::string> revisions_of(const std::vector<Migration>& migrations, std::size_t begin,
                                      std::size_t end) {
  std::vector<std::string> revisions;
  for (std::size_t i = begin; i < end; ++i) revisions.push_back(migrations[i].revision);
  return revisions;
}

/// The applied migrations and after them the next pending ones.
AppliedHistory with_pending(const AppliedHistory& applied, const History& history) {
  AppliedHistory whole = applied;
  if (applied.pending.empty()) return whole;
  for (Migration& migration : history.all().applied) {
    const bool pending =
        std::ranges::find(applied.pending, migration.revision) != applied.pending.end();
    if (!pending) continue;
    whole.applied.push_back(std::move(migration));
    if (whole.applied.size() - applied.applied.size() == most_revisions) break;
  }
  return whole;
}

bool set_by(const Finding& finding, const std::string& revision) {
  if (!finding.provenance) return true;  // it is not known
  return finding.provenance->revision == revision ||
         std::ranges::any_of(finding.set_by,
                             [&](const auto& set) { return set.second.revision == revision; });
}

Route route_of(const Report& report, std::size_t applied,
               const std::vector<Migration>& migrations) {
  Route route;
  route.after.insert(0);
  const std::size_t first = applied > most_revisions ? applied - most_revisions : 0;
  for (std::size_t i = first; i <= migrations.size(); ++i) route.after.insert(i);
  // What has drifted may have been set long before.
  for (std::size_t i = 0; i < first; ++i) {
    const bool any = std::ranges::any_of(report.findings, [&](const Finding& finding) {
      return finding.provenance && set_by(finding, migrations[i].revision);
    });
    if (!any) continue;
    route.after.insert(i);
    break;
  }
  const bool newest = applied > 0 && std::ranges::any_of(report.findings, [&](const Finding& one) {
                        return set_by(one, migrations[applied - 1].revision);
                      });
  if (newest) route.closely.insert(applied - 1);
  if (migrations.size() > applied) route.closely.insert(applied);
  return route;
}

/// Takes down what the database differs in from each state on the way.
class Walker {
 public:
  using LeftOf = std::function<std::vector<Drift>(const Expected& state)>;

  Walker(CauseSearch& search, const std::vector<Migration>& migrations, std::size_t applied,
         LeftOf left_of)
      : search_(search), migrations_(migrations), applied_(applied), left_of_(std::move(left_of)) {}

  void visit(const Halt& halt, const Expected* state) {
    if (halt.statement != nullptr) return note_statement(*halt.statement, state);
    reached_ = halt.migrations;
    consider_statements();
    if (state == nullptr || halt.migrations == applied_) return;
    Standing standing;
    if (halt.migrations < applied_) {
      standing.kind = Standing::Kind::Earlier;
      standing.revisions = revisions_of(migrations_, halt.migrations, applied_);
      if (halt.migrations > 0) standing.last = migrations_[halt.migrations - 1].revision;
    } else {
      standing.kind = Standing::Kind::Later;
      standing.revisions = revisions_of(migrations_, applied_, halt.migrations);
    }
    search_.consider(standing, left_of_(*state));
  }

  std::size_t reached() const { return reached_; }

 private:
  struct Ran {
    Place place;
    std::size_t counted;  ///< of the statements so far, itself included
  };

  void note_statement(const Statement& statement, const Expected* state) {
    ran_.push_back({statement.place, counted_ + (state == nullptr ? 0 : 1)});
    if (state == nullptr) return;
    ++counted_;
    std::vector<Drift> left = left_of_(*state);
    if (search_.may_explain(left)) possible_.emplace_back(counted_, std::move(left));
  }

  /// A migration has ended, so that it is known how many statements it has.
  void consider_statements() {
    for (const auto& [done, left] : possible_) {
      if (done == counted_) continue;
      Standing standing;
      standing.kind = Standing::Kind::Within;
      standing.revisions = {migrations_[reached_ - 1].revision};
      standing.pending = reached_ > applied_;
      standing.done = done;
      standing.of = counted_;
      const auto before = std::ranges::find(ran_, done, &Ran::counted);
      standing.from = std::next(before)->place;
      standing.to = std::ranges::find(ran_, done + 1, &Ran::counted)->place;
      search_.consider(standing, left);
    }
    possible_.clear();
    ran_.clear();
    counted_ = 0;
  }

  CauseSearch& search_;
  const std::vector<Migration>& migrations_;
  std::size_t applied_;
  LeftOf left_of_;
  std::size_t reached_ = 0;
  std::size_t counted_ = 0;
  std::vector<Ran> ran_;
  std::vector<std::pair<std::size_t, std::vector<Drift>>> possible_;
};

/// A snapshot has a state for each revision, and none for a statement.
void walk_stored(const History& history, const AppliedHistory& whole, const Target& target,
                 const Scope& scope, const Route& route, Walker& walker) {
  for (const std::size_t after : route.after) {
    std::vector<std::string> rows;
    if (after > 0) rows.push_back(whole.applied[after - 1].revision);
    std::optional<AppliedHistory> there;
    try {
      there = history.applied(rows);
    } catch (const Error&) {
      continue;  // of branches no state has exactly these revisions
    }
    if (!there->stored || there->applied.size() != after) continue;
    std::vector<std::string> notes;
    const Expected state{there->stored->catalogue(target, scope, notes)};
    walker.visit({after, nullptr}, &state);
  }
}

/// trace() has put it off.
bool waits_for_provenance(const Report& report, const LookMemory& memory) {
  return std::ranges::any_of(report.findings, [&](const Finding& finding) {
    return !finding.provenance && !memory.origins.contains(finding.drift.object);
  });
}

void add_note(Report& report, std::string note) {
  if (std::ranges::find(report.notes, note) == report.notes.end()) {
    report.notes.push_back(std::move(note));
  }
}

}  // namespace

std::string key_of_causes(const Report& report, const std::string& history_key) {
  Digest digest;
  digest.add(report.expected_digest).add(history_key);
  for (const std::string& revision :
       report.history ? report.history->edited : std::vector<std::string>()) {
    digest.add(revision);
  }
  for (const Finding& finding : report.findings) {
    digest.add(finding.fingerprint);
    for (const auto* list : {&finding.drift.differences, &finding.drift.properties}) {
      for (const Difference& one : *list) {
        digest.add(one.expected.value_or("-")).add(one.actual.value_or("-"));
      }
    }
  }
  return digest.hex();
}

std::optional<Report> name_causes(const Report& report, const DatabaseSettings& settings,
                                  ExpectedSchemas& expected_schemas, LookMemory& memory, Time now,
                                  const std::stop_token& stop) {
  CauseMemory& causes = memory.causes;
  if (report.findings.empty() || !causes.actual || !memory.applied || !memory.expected) {
    return std::nullopt;
  }
  const std::string key = key_of_causes(report, memory.history_key);
  if (causes.told == key) {
    const bool failed = causes.failed != Time{};
    if (!failed || (now >= causes.failed && now - causes.failed < try_again)) return std::nullopt;
  }
  const AppliedHistory& applied = *memory.applied;
  const Scope scope = expected_scope(settings);
  std::optional<std::variant<Turns::Turn, Skipped>> turn;
  if (!applied.command && !applied.stored) {
    if (waits_for_provenance(report, memory)) return std::nullopt;
    if (memory.leave) {
      turn.emplace(turn_to_replay(*memory.leave, expected_schemas, applied, settings.interval));
      if (std::holds_alternative<Skipped>(*turn)) return std::nullopt;  // the next look asks again
    }
  }
  causes.told = key;
  causes.failed = {};

  Report named = report;
  CauseSearch search(report);
  bool complete = false;
  std::size_t reached = 0;
  try {
    const std::shared_ptr<const History> history = memory.history.at(settings.history);
    if (memory.history.stamp() != memory.files) {
      causes.told.clear();  // the next look is another one
      return std::nullopt;
    }
    const AppliedHistory whole = with_pending(applied, *history);
    const Route route = route_of(report, applied.applied.size(), whole.applied);
    Walker walker(search, whole.applied, applied.applied.size(), [&](const Expected& state) {
      return differences(state, *causes.actual, applied, settings, memory.expected->expected);
    });
    if (applied.stored) {
      walk_stored(*history, whole, memory.target, scope, route, walker);
    } else if (!applied.command) {
      try {
        expected_schemas.walk(
            whole, memory.target, scope, route,
            [&](const Halt& halt, Expected* state) {
              if (state != nullptr) state->undetermined = memory.expected->expected.undetermined;
              walker.visit(halt, state);
            },
            stop);
        complete = true;
      } catch (const std::exception&) {
        reached = walker.reached();
        throw;
      }
    }
  } catch (const std::exception& error) {
    causes.failed = now;
    const bool only_pending = reached >= applied.applied.size() && reached > 0;
    add_note(named, fmt::format("{} could not be told: {}",
                                only_pending ? "whether pending migrations were run"
                                             : "why the database differs",
                                error.what()));
  }
  if (stop.stop_requested()) return std::nullopt;
  search.settle(named, complete);
  if (causes.failed == Time{}) causes.actual.reset();
  return named;
}

}  // namespace driftd

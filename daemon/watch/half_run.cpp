#include "daemon/watch/half_run.h"

#include <fmt/format.h>

#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "daemon/ddl_log/own_objects.h"
#include "daemon/watch/differences.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// The states on the way through the migration, and which of them the catalogue is.
class Way {
 public:
  Way(std::size_t applied, std::function<bool(const Expected&)> is_there)
      : applied_(applied), is_there_(std::move(is_there)) {}

  void visit(const Halt& halt, const Expected* state) {
    if (halt.statement != nullptr) {
      places_.push_back(halt.statement->place);
      // A statement that changes rows only leaves the schema as it was.
      const bool there =
          state == nullptr ? matches_.contains(places_.size() - 1) : is_there_(*state);
      if (there) matches_.insert(places_.size());
      return;
    }
    if (halt.migrations == applied_ && state != nullptr && is_there_(*state)) matches_.insert(0);
    ended_ = halt.migrations > applied_;
  }

  std::optional<NamedCause> named(const std::string& revision) const {
    if (matches_.empty()) return std::nullopt;
    // States that follow each other may look alike; apart from each other they tell nothing.
    const std::size_t first = *matches_.begin();
    const std::size_t last = *matches_.rbegin();
    if (last - first + 1 != matches_.size()) return std::nullopt;
    NamedCause cause;
    cause.cause = Cause::HalfApplied;
    cause.revisions = {revision};
    if (first < places_.size()) cause.place = places_[first];
    if (first == 0) {
      cause.sentence = fmt::format("of revision {} nothing is in the schema", revision);
    } else if (ended_ && last == places_.size()) {
      cause.sentence = fmt::format("all of revision {} is in the schema", revision);
    } else {
      const std::string stopped = first < places_.size()
                                      ? "it stopped at " + to_string(places_[first])
                                      : "it stopped after " + to_string(places_[first - 1]);
      cause.sentence = fmt::format("of revision {} {} statements are there: {}", revision,
                                   ended_ ? fmt::format("{} of {}", first, places_.size())
                                          : fmt::format("the first {}", first),
                                   stopped);
    }
    return cause;
  }

 private:
  std::size_t applied_;
  std::function<bool(const Expected&)> is_there_;
  std::vector<Place> places_;      // of the statements that ran
  std::set<std::size_t> matches_;  // after so many of them
  bool ended_ = false;
};

}  // namespace

void HalfRunMemory::see(Session& session, std::optional<Snapshot>& snapshot, const History& history,
                        const std::vector<std::string>& rows, const ServerState& began,
                        const DatabaseSettings& settings) {
  try {
    const auto half = history.half_run(rows);
    if (!half) {
      *this = {};
      return;
    }
    const std::string history_key =
        Digest().add(half->applied.digest).add(half->migration.digest).add(join(rows, "\n")).hex();
    if (began.moment && began.moment == moment && key.starts_with(history_key)) return;
    const std::string before = fingerprint(*snapshot);
    if (key == history_key + before) return;
    *this = {};
    refuse_during_ddl(*snapshot);
    const std::string owner = owner_of_version_table(*snapshot, history.version_table());
    Target target = read_target(*snapshot, owner);
    Actual actual{ddl_log::without_own_objects(introspect(*snapshot, settings.scope, owner))};
    snapshot.reset();
    snapshot.emplace(session, settings.snapshot);
    if (fingerprint(*snapshot) != before) return;
    key = history_key + before;
    moment = began.moment;
    database = std::make_shared<const HalfRunDatabase>(
        HalfRunDatabase{*half, std::move(target), std::move(actual)});
  } catch (const Error&) {
    *this = {};
  }
}

std::optional<NamedCause> name_half_run(const HalfRunDatabase& database,
                                        const DatabaseSettings& settings, ExpectedSchemas& schemas,
                                        const std::stop_token& stop) {
  AppliedHistory whole = database.history.applied;
  const std::size_t applied = whole.applied.size();
  whole.applied.push_back(database.history.migration);
  Route route;
  route.after = {applied, applied + 1};
  route.closely = {applied};
  Way way(applied, [&](const Expected& state) {
    return differences(state, database.actual, whole, settings, state).empty();
  });
  try {
    schemas.walk(
        whole, database.target, settings.scope, route,
        [&](const Halt& halt, const Expected* state) { way.visit(halt, state); }, stop);
  } catch (const std::exception&) {
    // What failed there may well fail here; the states before that were seen.
  }
  if (stop.stop_requested()) return std::nullopt;
  return way.named(database.history.migration.revision);
}

}  // namespace driftd

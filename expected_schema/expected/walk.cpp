#include "expected_schema/expected/walk.h"

#include <algorithm>
#include <array>

#include "expected_schema/base/text.h"
#include "expected_schema/replay/replay.h"

namespace driftd {
namespace {

// As for provenance: the watcher waits for it, and does without it when it takes longer.
constexpr std::chrono::seconds replay_limit{30};

const SnapshotLimits patient{std::chrono::minutes(10), std::chrono::seconds(10)};

bool changes_rows_only(const Statement& statement) {
  constexpr std::array<std::string_view, 4> words{"insert", "update", "delete", "select"};
  const std::string begin = lower(trim(statement.sql).substr(0, 6));
  return statement.rows_only || std::ranges::find(words, begin) != words.end();
}

}  // namespace

void walk(const AppliedHistory& history, const Scope& scope, const Route& route, const Visit& visit,
          const std::stop_token& stop, const OnScratch& on_scratch) {
  on_scratch([&](ScratchDatabase& database) {
    ReplayOptions options;
    options.stop = stop;
    options.time_limit = replay_limit;
    const Limits limits{std::chrono::seconds(10), options.time_limit};
    // Between migrations as the expected schema is read: by the superuser.
    Session admin(database.admin(), limits, stop);
    Halt halt;
    const auto look_between = [&] {
      if (!route.after.contains(halt.migrations)) return;
      Snapshot snapshot(admin, patient);
      Expected state{introspect(snapshot, scope, database.owner_role())};
      snapshot.end();
      visit(halt, &state);
    };
    AppliedHistory start = history;
    start.applied.clear();
    replay(start, database, options);
    look_between();

    AppliedHistory migrations = history;
    migrations.setup.clear();
    migrations.before.clear();
    options.each_statement = [&](const Migration&) {
      return route.closely.contains(halt.migrations);
    };
    options.after = [&](Session& session, const Migration&, const Statement* statement) {
      halt.statement = statement;
      if (statement == nullptr) {
        ++halt.migrations;
        return look_between();
      }
      if (changes_rows_only(*statement)) return visit(halt, nullptr);
      Snapshot snapshot(session, Snapshot::WithinTransaction{}, patient);
      Expected state{introspect(snapshot, scope, database.owner_role())};
      snapshot.end();
      visit(halt, &state);
    };
    replay(migrations, database, options);
  });
}

}  // namespace driftd

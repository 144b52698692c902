#include "expected_schema/expected/write_down.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/base/error.h"
#include "expected_schema/catalogue/undetermined.h"
#include "expected_schema/introspect/kinds.h"
#include "expected_schema/replay/replay.h"

namespace driftd {
namespace {

const SnapshotLimits patient{std::chrono::minutes(10), std::chrono::seconds(10)};

/// Reads a scratch database as the expected schema is read: as its superuser, between migrations.
class Reader {
 public:
  Reader(ScratchDatabase& database, const Scope& scope, const std::stop_token& stop)
      : database_(database),
        scope_(scope),
        session_(database.admin(), Limits{std::chrono::seconds(10), std::chrono::hours(1)}, stop) {}

  void add_to(StoredHistory& history, StoredHistory::State state) {
    const auto& named = database_.versions_named();
    state.named_versions.assign(named.begin(), named.end());
    Snapshot snapshot(session_, patient);
    history.add_state(std::move(state), introspect(snapshot, scope_, database_.owner_role()));
  }

 private:
  ScratchDatabase& database_;
  const Scope& scope_;
  Session session_;
};

/// The state with the most of what a replay of `applied` does, to say the least anew.
int nearest_state(const StoredHistory& stored, const AppliedHistory& applied) {
  for (auto migration = applied.applied.rbegin(); migration != applied.applied.rend();
       ++migration) {
    if (const auto state = stored.find({migration->revision})) return static_cast<int>(*state);
  }
  return 0;
}

}  // namespace

StoredHistory write_down(const History& history, const Target& target, const Scope& scope,
                         const std::stop_token& stop, const OnScratch& on_scratch) {
  const AppliedHistory all = history.all();
  if (all.revisions_of) {
    throw Error(Reason::Settings, fmt::format("a history of {} cannot be written down", all.tool),
                "Snapshots are of Alembic's histories.");
  }
  StoredHistory stored;
  stored.server_major = target.server_major;
  stored.kinds = digest_of_kinds(target.server_major);
  stored.scope = scope;
  stored.tool = all.tool;
  stored.table = all.table;
  stored.heads = all.heads;
  for (const Migration& one : all.applied) {
    stored.revisions.push_back({one.revision, one.message, one.file, one.needs});
  }
  std::vector<std::string> apart;  // what the replay of all never has by itself
  ReplayOptions options;
  options.stop = stop;
  // A snapshot has no words for what is not known.
  options.in_doubt = [](const std::string&, const Statement& statement, const Doubt& doubt) {
    throw Error(Reason::NotUnderstood, doubt.why, doubt.hint, statement.place);
  };
  on_scratch([&](ScratchDatabase& database) {
    Reader reader(database, scope, stop);
    AppliedHistory start = all;
    start.applied.clear();
    replay(start, database, options);
    reader.add_to(stored, {{}, "", -1, {}, {}, {}});
    std::size_t replayed = 0;
    options.after = [&](Session&, const Migration& migration, const Statement* statement) {
      if (statement != nullptr) return;
      ++replayed;
      if (history.applied({migration.revision}).applied.size() != replayed) {
        apart.push_back(migration.revision);
        return;
      }
      const int newest = static_cast<int>(stored.states.size()) - 1;
      reader.add_to(stored, {{migration.revision}, migration.revision, newest, {}, {}, {}});
    };
    AppliedHistory migrations = all;
    migrations.setup.clear();
    migrations.before.clear();
    refuse_undetermined(replay(migrations, database, options));
  });
  options.after = nullptr;
  const auto replay_apart = [&](const std::vector<std::string>& revisions, const std::string& by) {
    const AppliedHistory applied = history.applied(revisions);
    on_scratch([&](ScratchDatabase& database) {
      refuse_undetermined(replay(applied, database, options));
      Reader(database, scope, stop)
          .add_to(stored, {revisions, by, nearest_state(stored, applied), {}, {}, {}});
    });
  };
  for (const std::string& revision : apart) replay_apart({revision}, revision);
  if (!stored.find(all.heads)) replay_apart(all.heads, "");
  return stored;
}

}  // namespace driftd

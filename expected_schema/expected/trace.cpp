#include "expected_schema/expected/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "expected_schema/base/text.h"
#include "expected_schema/replay/replay.h"

namespace driftd {
namespace {

/// What the wanted objects look like, and the last step that changed them.
class Watch {
 public:
  explicit Watch(const std::vector<ObjectId>& ids) {
    for (const ObjectId& id : ids) looks_.emplace(id, std::string());
  }

  /// Objects that look different than at the last call are set by `by`; null: by no migration.
  void look(const Catalogue& catalogue, const Provenance* by) {
    for (auto& [id, look] : looks_) {
      const Object* object = catalogue.find(id.kind, id.identity);
      std::string now = object ? text_of(*object) : std::string();
      if (now == look) continue;
      look = std::move(now);
      if (by) {
        set_by_.insert_or_assign(id, *by);
      } else {
        set_by_.erase(id);
      }
    }
  }

  const std::map<ObjectId, Provenance>& set_by() const { return set_by_; }

 private:
  static std::string text_of(const Object& object) {
    std::string text = "+";
    for (const Property& property : object.properties) {
      text += fmt::format("{}={}:{};", property.name, property.value.size(), property.value);
    }
    return text;
  }

  std::map<ObjectId, std::string> looks_;  // empty: not there
  std::map<ObjectId, Provenance> set_by_;
};

// Provenance is a courtesy: the watcher waits for it, and does without it when it takes longer.
constexpr std::chrono::seconds replay_limit{30};

const SnapshotLimits patient{std::chrono::minutes(10), std::chrono::seconds(10)};

// Rows are no schema. A seed may have a great many of them.
bool changes_rows_only(const Statement& statement) {
  constexpr std::array<std::string_view, 3> words{"insert", "update", "delete"};
  const std::string begin = lower(trim(statement.sql).substr(0, 6));
  return std::ranges::find(words, begin) != words.end();
}

// What a migration drops and makes anew looks the same before and after it, but not in between.
bool may_drop(const Statement& statement) {
  return lower(statement.sql).find("drop") != std::string::npos;
}

void look(Watch& watch, Session& session, const Scope& scope, const std::string& owner,
          const Migration& migration, const Statement* statement, bool closely) {
  if (statement && (closely ? changes_rows_only(*statement) : !may_drop(*statement))) return;
  const Provenance by{migration.revision, migration.message,
                      statement ? statement->place : Place{migration.file, 0, 0}};
  if (!statement) {
    Snapshot snapshot(session, patient);
    watch.look(introspect(snapshot, scope, owner), &by);
  } else {
    Snapshot snapshot(session, Snapshot::WithinTransaction{}, patient);
    watch.look(introspect(snapshot, scope, owner), &by);
  }
}

// The tool's own tables, and what every database has, are there before the first migration.
void set_up(const AppliedHistory& history, ScratchDatabase& database, const Scope& scope,
            const ReplayOptions& options, Watch& watch) {
  AppliedHistory start = history;
  start.applied.clear();
  replay(start, database, options);
  Session session(database.owner(), Limits{std::chrono::seconds(10), options.time_limit},
                  options.stop);
  Snapshot snapshot(session, patient);
  watch.look(introspect(snapshot, scope, database.owner_role()), nullptr);
}

}  // namespace

std::map<ObjectId, Provenance> trace(const AppliedHistory& history, const Scope& scope,
                                     const std::vector<ObjectId>& ids, const std::stop_token& stop,
                                     const OnScratch& on_scratch) {
  AppliedHistory migrations = history;
  migrations.setup.clear();
  const auto pass = [&](const std::set<std::string>& closely) {
    Watch watch(ids);
    on_scratch([&](ScratchDatabase& database) {
      ReplayOptions options;
      options.stop = stop;
      options.time_limit = replay_limit;
      set_up(history, database, scope, options, watch);
      options.each_statement = [](const Migration&) { return true; };
      options.after = [&](Session& session, const Migration& migration,
                          const Statement* statement) {
        look(watch, session, scope, database.owner_role(), migration, statement,
             closely.contains(migration.revision));
      };
      replay(migrations, database, options);
    });
    return watch.set_by();
  };
  std::set<std::string> closely;
  for (const auto& [id, provenance] : pass({})) closely.insert(provenance.revision);
  return closely.empty() ? std::map<ObjectId, Provenance>() : pass(closely);
}

}  // namespace driftd

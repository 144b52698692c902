#include "expected_schema/expected/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "expected_schema/base/text.h"
#include "expected_schema/replay/replay.h"

namespace driftd {
namespace {

/// What the wanted objects look like, and the last steps that changed them.
class Watch {
 public:
  explicit Watch(const std::vector<ObjectId>& ids) {
    for (const ObjectId& id : ids) looks_.emplace(id, Look());
  }

  /// What looks different than at the last call is set by `by`; null: by no migration.
  void look(const Catalogue& catalogue, const Provenance* by) {
    for (auto& [id, look] : looks_) {
      const Object* object = catalogue.find(id.kind, id.identity);
      if (note_properties(object, look, by) || look.there != (object != nullptr)) {
        look.set_by.reset();
        if (by) look.set_by = *by;
      }
      look.there = object != nullptr;
    }
  }

  std::map<ObjectId, Origin> origins() const {
    std::map<ObjectId, Origin> origins;
    for (const auto& [id, look] : looks_) {
      if (!look.set_by) continue;
      Origin& origin = origins[id];
      origin.last = *look.set_by;
      for (const auto& [name, fact] : look.facts) {
        if (look.there && fact.set_by) origin.properties.emplace(name, *fact.set_by);
      }
    }
    return origins;
  }

  std::set<std::string> revisions() const {
    std::set<std::string> revisions;
    for (const auto& [id, origin] : origins()) {
      revisions.insert(origin.last.revision);
      for (const auto& [name, provenance] : origin.properties)
        revisions.insert(provenance.revision);
    }
    return revisions;
  }

 private:
  struct Fact {
    std::optional<std::string> value;
    std::optional<Provenance> set_by;
  };
  struct Look {
    bool there = false;
    std::optional<Provenance> set_by;
    std::map<std::string, Fact, std::less<>> facts;  // also those that were there once
  };

  /// Whether any property is another than before.
  static bool note_properties(const Object* object, Look& look, const Provenance* by) {
    bool any = false;
    const auto note = [&](Fact& fact, std::optional<std::string> value) {
      if (fact.value == value) return;
      fact.value = std::move(value);
      fact.set_by.reset();
      if (by) fact.set_by = *by;
      any = true;
    };
    for (auto& [name, fact] : look.facts) {
      if (!object || !object->property(name)) note(fact, std::nullopt);
    }
    if (!object) return any;
    for (const Property& property : object->properties) {
      note(look.facts[std::string(property.name)], std::string(property.value));
    }
    return any;
  }

  std::map<ObjectId, Look> looks_;
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
  start.before.clear();
  start.applied.clear();
  replay(start, database, options);
  Session session(database.owner(), Limits{std::chrono::seconds(10), options.time_limit},
                  options.stop);
  Snapshot snapshot(session, patient);
  watch.look(introspect(snapshot, scope, database.owner_role()), nullptr);
}

}  // namespace

std::map<ObjectId, Origin> trace(const AppliedHistory& history, const Scope& scope,
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
    return watch;
  };
  const std::set<std::string> closely = pass({}).revisions();
  return closely.empty() ? std::map<ObjectId, Origin>() : pass(closely).origins();
}

}  // namespace driftd

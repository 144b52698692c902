#include "expected_schema/expected/expected_schema.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/expected/known.h"
#include "expected_schema/expected/outcomes.h"
#include "expected_schema/expected/trace.h"
#include "expected_schema/expected/write_down.h"
#include "expected_schema/replay/command.h"
#include "expected_schema/replay/replay.h"

namespace driftd {
namespace {

using Clock = std::chrono::steady_clock;

KnownSchemas::Key key_of(const AppliedHistory& history, const Target& target, const Scope& scope) {
  Digest digest;
  digest.add(history.digest).add(std::to_string(target.server_major));
  digest.add(target.encoding).add(target.collate).add(target.ctype).add(target.owner);
  for (const auto* list : {&target.roles, &scope.schemas, &scope.exclude_schemas, &scope.groups}) {
    digest.add(std::to_string(list->size()));
    for (const std::string& text : *list) digest.add(text);
  }
  for (const auto* list : {&target.settings, &target.extensions}) {
    digest.add(std::to_string(list->size()));
    for (const auto& [name, value] : *list) digest.add(name).add(value);
  }
  return {digest.hex(), target.database};
}

// Of the tables that introspection joins. Without statistics the plans for a large schema are
// nested loops, and the time is quadratic.
constexpr const char* analyze_sql =
    "ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_attrdef,"
    " pg_catalog.pg_constraint, pg_catalog.pg_index, pg_catalog.pg_type, pg_catalog.pg_proc,"
    " pg_catalog.pg_depend, pg_catalog.pg_description, pg_catalog.pg_namespace,"
    " pg_catalog.pg_sequence, pg_catalog.pg_trigger";

/// What an extension of another version made is not what the live database's must have made.
Catalogue without_members_of(const std::vector<std::string>& extensions, Catalogue catalogue) {
  if (extensions.empty()) return catalogue;
  std::set<std::string> names;
  for (const std::string& name : extensions) {
    names.insert({name, quote_identifier(name)});  // quote_ident quotes what needs it
  }
  Catalogue::Builder builder(catalogue.server_major());
  for (const Object& object : catalogue.objects()) {
    if (object.kind == "extension member" && names.contains(std::string(object.parent_identity))) {
      continue;
    }
    builder.add(object.kind, object.identity, object.parent_kind, object.parent_identity,
                object.properties);
  }
  return std::move(builder).build();
}

}  // namespace

struct ExpectedSchemas::Storage {
  Storage(ScratchSettings s, std::chrono::milliseconds i) : settings(std::move(s)), idle(i) {}

  const ScratchSettings settings;
  const std::chrono::milliseconds idle;
  Turns turns;

  // Of whoever has the turn:
  std::unique_ptr<ScratchServer> server;
  Clock::time_point used;

  std::mutex mutex;
  KnownSchemas known;  // guarded by the mutex, with the origins in it

  ScratchServer& running_server(int major);
  /// Runs `work` on a new scratch database; a server that fails is not used again.
  template <typename Work>
  auto on_scratch(const Target& target, const Work& work);
  template <typename Work>
  auto without_roles_made(Target target, const Work& work);
  /// What is known, or what was thrown a moment ago is thrown again; null: nothing is known.
  std::shared_ptr<KnownSchema> find(const KnownSchemas::Key& key);
  std::shared_ptr<KnownSchema> derive(const AppliedHistory& history, const Target& target,
                                      const Scope& scope, const KnownSchemas::Key& key,
                                      const std::stop_token& stop);
  std::shared_ptr<KnownSchema> entry(const AppliedHistory& history, const Target& target,
                                     const Scope& scope, const std::stop_token& stop);
};

ScratchServer& ExpectedSchemas::Storage::running_server(int major) {
  if (server && (server->major() != major || !server->running())) server.reset();
  if (!server) {
    remove_leftovers(settings);
    server = std::make_unique<ScratchServer>(settings, major);
  }
  return *server;
}

template <typename Work>
auto ExpectedSchemas::Storage::on_scratch(const Target& target, const Work& work) {
  struct Used {
    Clock::time_point& time;
    ~Used() { time = Clock::now(); }
  } const mark{used};
  try {
    ScratchDatabase database(running_server(target.server_major), target);
    return work(database);
  } catch (const Error& error) {
    const bool unreachable = error.reason() == Reason::Connect || error.reason() == Reason::Auth;
    if (unreachable || error.reason() == Reason::Scratch) server.reset();
    if (!unreachable) throw;
    // The live server's reasons must not be taken for those of the scratch server.
    throw Error(Reason::Scratch, error.message(), error.hint(), error.place());
  }
}

// A command's CREATE ROLE fails where the live database's roles are made beforehand, and its GRANT
// where they are not: only to try tells which of them the migrations make themselves.
template <typename Work>
auto ExpectedSchemas::Storage::without_roles_made(Target target, const Work& work) {
  while (true) {
    try {
      return on_scratch(target, work);
    } catch (const Error& error) {
      const auto role = role_in_message(error.message(), "already exists");
      if (!role || *role == target.owner || std::erase(target.roles, *role) == 0) throw;
    }
  }
}

std::shared_ptr<KnownSchema> ExpectedSchemas::Storage::find(const KnownSchemas::Key& key) {
  const std::lock_guard lock(mutex);
  if (auto schema = known.find(key)) return schema;
  if (const auto error = known.refusal(key)) throw Error(*error);
  return nullptr;
}

std::shared_ptr<KnownSchema> ExpectedSchemas::Storage::derive(const AppliedHistory& history,
                                                              const Target& target,
                                                              const Scope& scope,
                                                              const KnownSchemas::Key& key,
                                                              const std::stop_token& stop) {
  bool name_used = false;
  std::vector<OpenPart> parts;
  const auto introspected = [&](ScratchDatabase& database, const ReplayOptions& options) {
    Session session(database.admin(), Limits{std::chrono::seconds(10), options.time_limit}, stop);
    session.execute(analyze_sql);
    Snapshot snapshot(session, {options.time_limit, std::chrono::seconds(10)});
    return without_members_of(database.foreign_extensions(),
                              introspect(snapshot, scope, database.owner_role()));
  };
  const auto replay_all = [&](ScratchDatabase& database) {
    struct Note {
      ScratchDatabase& database;
      bool& name_used;
      ~Note() { name_used = database.name_used(); }
    } const note{database, name_used};
    ReplayOptions options;
    options.stop = stop;
    options.time_limit = settings.replay_limit;
    std::vector<Undetermined> undetermined;
    if (history.command) {
      replay_by_command(history, database, stop);
    } else {
      options.in_doubt = [&](const std::string& part, const Statement& first, const Doubt& doubt) {
        parts.push_back({part, first, doubt});
      };
      undetermined = replay(history, database, options);
    }
    return ExpectedSchema{Expected{introspected(database, options), std::move(undetermined)},
                          KnownSchemas::digest(key, database.name_used()), database.notes()};
  };
  const auto replay_with = [&](const std::function<bool(const std::string&)>& runs) {
    return on_scratch(target, [&](ScratchDatabase& database) {
      ReplayOptions options;
      options.stop = stop;
      options.time_limit = settings.replay_limit;
      options.runs_in_doubt = runs;
      replay(history, database, options);
      return introspected(database, options);
    });
  };
  try {
    auto schema = std::make_shared<KnownSchema>(KnownSchema{
        history.command ? without_roles_made(target, replay_all) : on_scratch(target, replay_all),
        {}});
    Expected& expected = schema->schema.expected;
    add_other_outcomes(expected.catalogue, parts, replay_with, expected.undetermined);
    const std::lock_guard lock(mutex);
    known.add(key, name_used, schema);
    return schema;
  } catch (const Error& error) {
    if (!stop.stop_requested() && !error.passing()) {
      const std::lock_guard lock(mutex);
      known.refuse(key, name_used, error);
    }
    throw;
  }
}

std::shared_ptr<KnownSchema> ExpectedSchemas::Storage::entry(const AppliedHistory& history,
                                                             const Target& target,
                                                             const Scope& scope,
                                                             const std::stop_token& stop) {
  const KnownSchemas::Key key = key_of(history, target, scope);
  if (auto schema = find(key)) return schema;
  require_known(history);
  if (history.stored) {
    std::vector<std::string> notes;
    Catalogue catalogue = history.stored->catalogue(target, scope, notes);
    auto schema = std::make_shared<KnownSchema>(
        KnownSchema{{Expected{std::move(catalogue)}, key.digest, std::move(notes)}, {}});
    const std::lock_guard lock(mutex);
    known.add(key, false, schema);
    return schema;
  }
  const Turns::Turn turn = turns.wait(stop);
  if (auto schema = find(key)) return schema;  // of the one whose turn it was
  return derive(history, target, scope, key, stop);
}

ExpectedSchemas::ExpectedSchemas(ScratchSettings settings, std::chrono::milliseconds idle)
    : storage_(std::make_unique<Storage>(std::move(settings), idle)) {}

ExpectedSchemas::~ExpectedSchemas() = default;

std::shared_ptr<const ExpectedSchema> ExpectedSchemas::of(const AppliedHistory& history,
                                                          const Target& target, const Scope& scope,
                                                          std::stop_token stop) {
  const auto known = storage_->entry(history, target, scope, stop);
  return {known, &known->schema};
}

bool ExpectedSchemas::has(const AppliedHistory& history, const Target& target,
                          const Scope& scope) const {
  const std::lock_guard lock(storage_->mutex);
  const KnownSchemas::Key key = key_of(history, target, scope);
  return history.stored || storage_->known.find(key) || storage_->known.refusal(key);
}

std::optional<Turns::Turn> ExpectedSchemas::turn_at_once(const AppliedHistory& history,
                                                         const void* who,
                                                         std::function<void()> tell) {
  return storage_->turns.at_once({who, history.digest, std::move(tell)});
}

void ExpectedSchemas::forget(const void* who) {
  storage_->turns.forget(who);
}

bool ExpectedSchemas::has_origins(const AppliedHistory& history, const Target& target,
                                  const Scope& scope, const std::vector<ObjectId>& ids) const {
  if (history.stored || history.command) return true;
  const std::lock_guard lock(storage_->mutex);
  const auto schema = storage_->known.find(key_of(history, target, scope));
  return schema &&
         std::ranges::all_of(ids, [&](const ObjectId& id) { return schema->origins.contains(id); });
}

std::map<ObjectId, Origin> ExpectedSchemas::origins(const AppliedHistory& history,
                                                    const Target& target, const Scope& scope,
                                                    const std::vector<ObjectId>& ids,
                                                    std::stop_token stop) {
  const auto schema = storage_->entry(history, target, scope, stop);
  const auto unknown_ones = [&] {
    const std::lock_guard lock(storage_->mutex);
    std::vector<ObjectId> open;
    for (const ObjectId& id : ids) {
      if (!schema->origins.contains(id)) open.push_back(id);
    }
    return open;
  };
  if (!unknown_ones().empty()) {
    const Turns::Turn turn = storage_->turns.wait(stop);
    const std::vector<ObjectId> open = unknown_ones();  // another may have asked for the same
    const auto on_scratch = [&](const auto& pass) {
      storage_->on_scratch(target, [&](ScratchDatabase& database) {
        pass(database);
        return true;
      });
    };
    std::map<ObjectId, Origin> traced;
    if (history.stored) {
      traced = history.stored->origins(open);
    } else if (!history.command && !open.empty()) {  // what a command does nobody sees
      traced = trace(history, scope, open, stop, on_scratch);
    }
    const std::lock_guard lock(storage_->mutex);
    for (const ObjectId& id : open) {
      const auto found = traced.find(id);
      schema->origins[id] = found == traced.end() ? std::nullopt : std::optional(found->second);
    }
  }
  std::map<ObjectId, Origin> result;
  const std::lock_guard lock(storage_->mutex);
  for (const ObjectId& id : ids) {
    if (const auto& known = schema->origins.at(id)) result.emplace(id, *known);
  }
  return result;
}

void ExpectedSchemas::walk(const AppliedHistory& history, const Target& target, const Scope& scope,
                           const Route& route, const Visit& visit, std::stop_token stop) {
  if (history.command || history.stored) return;
  const Turns::Turn turn = storage_->turns.wait(stop);
  storage_->on_scratch(target, [&](ScratchDatabase& database) {
    const Visit as_expected = [&](const Halt& halt, Expected* state) {
      if (state != nullptr) {
        state->catalogue =
            without_members_of(database.foreign_extensions(), std::move(state->catalogue));
      }
      visit(halt, state);
    };
    driftd::walk(history, scope, route, as_expected, stop,
                 [&](const auto& pass) { pass(database); });
    return true;
  });
}

std::vector<Reading> ExpectedSchemas::survey(const AppliedHistory& history, const Target& target,
                                             std::stop_token stop) {
  const Turns::Turn turn = storage_->turns.wait(stop);
  return storage_->on_scratch(target, [&](ScratchDatabase& database) {
    ReplayOptions options;
    options.stop = stop;
    return driftd::survey(history, database, options);
  });
}

StoredHistory ExpectedSchemas::store(const History& history, Target target, const Scope& scope,
                                     std::stop_token stop) {
  const Turns::Turn turn = storage_->turns.wait(stop);
  while (true) {
    try {
      return write_down(history, target, scope, stop, [&](const auto& pass) {
        storage_->on_scratch(target, [&](ScratchDatabase& database) {
          pass(database);
          return true;
        });
      });
    } catch (const Error& error) {
      // There is no live database to say which roles there are.
      const auto role = role_in_message(error.message(), "does not exist");
      if (!role || std::ranges::find(target.roles, *role) != target.roles.end()) throw;
      target.roles.push_back(*role);
      std::ranges::sort(target.roles);
    }
  }
}

void ExpectedSchemas::rest() {
  const auto turn = storage_->turns.at_once({});
  if (turn && storage_->server && Clock::now() - storage_->used >= storage_->idle) {
    storage_->server.reset();
  }
}

}  // namespace driftd

#include "expected_schema/expected/expected_schema.h"

#include <algorithm>
#include <list>
#include <optional>
#include <set>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/expected/trace.h"
#include "expected_schema/expected/write_down.h"
#include "expected_schema/replay/command.h"
#include "expected_schema/replay/replay.h"

namespace driftd {
namespace {

using Clock = std::chrono::steady_clock;

// Of each watched history the applied part and the whole, for a handful of databases.
constexpr std::size_t most_entries = 16;

std::string digest_of(const AppliedHistory& history, const Target& target, const Scope& scope) {
  Digest digest;
  digest.add(history.digest).add(std::to_string(target.server_major));
  digest.add(target.encoding).add(target.collate).add(target.ctype).add(target.owner);
  digest.add(target.database);
  for (const auto* list : {&target.roles, &scope.schemas, &scope.exclude_schemas, &scope.groups}) {
    digest.add(std::to_string(list->size()));
    for (const std::string& text : *list) digest.add(text);
  }
  for (const auto* list : {&target.settings, &target.extensions}) {
    digest.add(std::to_string(list->size()));
    for (const auto& [name, value] : *list) digest.add(name).add(value);
  }
  return digest.hex();
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
  struct Entry {
    std::string digest;
    std::shared_ptr<const ExpectedSchema> schema;
    std::map<ObjectId, std::optional<Origin>> origins;  // nothing: no migration set it
  };

  ScratchSettings settings;
  std::chrono::milliseconds idle{};
  std::unique_ptr<ScratchServer> server;
  Clock::time_point used;
  std::list<Entry> entries;  // the newest first

  ScratchServer& running_server(int major);
  /// Runs `work` on a new scratch database; a server that fails is not used again.
  template <typename Work>
  auto on_scratch(const Target& target, const Work& work);
  template <typename Work>
  auto without_roles_made(Target target, const Work& work);
  Entry& entry(const AppliedHistory& history, const Target& target, const Scope& scope,
               const std::stop_token& stop);
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

ExpectedSchemas::Storage::Entry& ExpectedSchemas::Storage::entry(const AppliedHistory& history,
                                                                 const Target& target,
                                                                 const Scope& scope,
                                                                 const std::stop_token& stop) {
  const std::string digest = digest_of(history, target, scope);
  const auto found = std::ranges::find(entries, digest, &Entry::digest);
  if (found != entries.end()) {
    entries.splice(entries.begin(), entries, found);
    return entries.front();
  }
  require_known(history);
  if (history.stored) {
    std::vector<std::string> notes;
    Catalogue catalogue = history.stored->catalogue(target, scope, notes);
    entries.push_front({digest,
                        std::make_shared<const ExpectedSchema>(ExpectedSchema{
                            Expected{std::move(catalogue)}, digest, std::move(notes)}),
                        {}});
    if (entries.size() > most_entries) entries.pop_back();
    return entries.front();
  }
  const auto derive = [&](ScratchDatabase& database) {
    ReplayOptions options;
    options.stop = stop;
    if (history.command) {
      replay_by_command(history, database, stop);
    } else {
      replay(history, database, options);
    }
    Session session(database.admin(), Limits{std::chrono::seconds(10), options.time_limit}, stop);
    session.execute(analyze_sql);
    Snapshot snapshot(session, {options.time_limit, std::chrono::seconds(10)});
    Catalogue catalogue = introspect(snapshot, scope, database.owner_role());
    return std::make_shared<const ExpectedSchema>(ExpectedSchema{
        Expected{without_members_of(database.foreign_extensions(), std::move(catalogue))}, digest,
        database.notes()});
  };
  entries.push_front(
      {digest,
       history.command ? without_roles_made(target, derive) : on_scratch(target, derive),
       {}});
  if (entries.size() > most_entries) entries.pop_back();
  return entries.front();
}

ExpectedSchemas::ExpectedSchemas(ScratchSettings settings, std::chrono::milliseconds idle)
    : storage_(std::make_unique<Storage>()) {
  storage_->settings = std::move(settings);
  storage_->idle = idle;
}

ExpectedSchemas::~ExpectedSchemas() = default;

std::shared_ptr<const ExpectedSchema> ExpectedSchemas::of(const AppliedHistory& history,
                                                          const Target& target, const Scope& scope,
                                                          std::stop_token stop) {
  return storage_->entry(history, target, scope, stop).schema;
}

std::map<ObjectId, Origin> ExpectedSchemas::origins(const AppliedHistory& history,
                                                    const Target& target, const Scope& scope,
                                                    const std::vector<ObjectId>& ids,
                                                    std::stop_token stop) {
  Storage::Entry& entry = storage_->entry(history, target, scope, stop);
  std::vector<ObjectId> open;
  for (const ObjectId& id : ids) {
    if (!entry.origins.contains(id)) open.push_back(id);
  }
  if (!open.empty()) {
    const auto on_scratch = [&](const auto& pass) {
      storage_->on_scratch(target, [&](ScratchDatabase& database) {
        pass(database);
        return true;
      });
    };
    std::map<ObjectId, Origin> traced;
    if (history.stored) {
      traced = history.stored->origins(open);
    } else if (!history.command) {  // what a command does with a migration nobody sees
      traced = trace(history, scope, open, stop, on_scratch);
    }
    for (const ObjectId& id : open) {
      const auto found = traced.find(id);
      entry.origins[id] = found == traced.end() ? std::nullopt : std::optional(found->second);
    }
  }
  std::map<ObjectId, Origin> result;
  for (const ObjectId& id : ids) {
    if (const auto& known = entry.origins.at(id)) result.emplace(id, *known);
  }
  return result;
}

std::vector<Reading> ExpectedSchemas::survey(const AppliedHistory& history, const Target& target,
                                             std::stop_token stop) {
  return storage_->on_scratch(target, [&](ScratchDatabase& database) {
    ReplayOptions options;
    options.stop = stop;
    return driftd::survey(history, database, options);
  });
}

StoredHistory ExpectedSchemas::store(const History& history, Target target, const Scope& scope,
                                     std::stop_token stop) {
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
  if (storage_->server && Clock::now() - storage_->used >= storage_->idle) {
    storage_->server.reset();
  }
}

}  // namespace driftd

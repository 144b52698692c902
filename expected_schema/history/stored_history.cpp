#include "expected_schema/history/stored_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/introspect/kinds.h"

namespace driftd {
namespace {

constexpr const char* make_anew = "Make it anew: driftd snapshot.";

StoredHistory::StoredObject stored(const Object& object) {
  StoredHistory::StoredObject result{object.id(), object.parent(), {}};
  for (const Property& property : object.properties) {
    result.properties.emplace_back(property.name, property.value);
  }
  return result;
}

/// The states that a state builds on, the first one first, itself last.
std::vector<const StoredHistory::State*> chain_of(const StoredHistory& history, std::size_t state) {
  std::vector<const StoredHistory::State*> chain;
  for (int at = static_cast<int>(state); at >= 0;
       at = history.states[static_cast<std::size_t>(at)].after) {
    chain.push_back(&history.states[static_cast<std::size_t>(at)]);
  }
  std::ranges::reverse(chain);
  return chain;
}

/// One state, as an expected schema is asked for.
class StoredState : public StoredSchema {
 public:
  StoredState(std::shared_ptr<const StoredHistory> history, std::size_t state)
      : history_(std::move(history)), state_(state) {}

  Catalogue catalogue(const Target& target, const Scope& scope,
                      std::vector<std::string>& notes) const override;
  std::map<ObjectId, Origin> origins(const std::vector<ObjectId>& ids) const override;

 private:
  void require_alike(const Target& target, const Scope& scope) const;
  /// The live version of each extension whose version the migrations leave open and which has
  /// another one here.
  std::map<std::string, std::string> open_versions(const Target& target,
                                                   std::vector<std::string>& notes) const;

  std::shared_ptr<const StoredHistory> history_;
  std::size_t state_;
};

void StoredState::require_alike(const Target& target, const Scope& scope) const {
  if (history_->server_major != target.server_major) {
    throw Error(Reason::ServerVersion,
                fmt::format("the snapshot was made on PostgreSQL {}, and the database is on {}",
                            history_->server_major, target.server_major),
                "Make it on the database's major version: driftd snapshot --scratch.bindir.");
  }
  if (history_->kinds != digest_of_kinds(target.server_major)) {
    throw Error(Reason::History,
                fmt::format("the snapshot was made by {}, which read other properties",
                            history_->written_by),
                make_anew);
  }
  if (history_->scope != scope) {
    throw Error(Reason::Settings,
                "the snapshot was made with other schemas, exclude_schemas or groups",
                "Give driftd snapshot the same settings file.");
  }
}

std::map<std::string, std::string> StoredState::open_versions(
    const Target& target, std::vector<std::string>& notes) const {
  std::map<std::string, std::string> versions;
  const auto objects = history_->objects(state_);
  const auto& named = history_->states[state_].named_versions;
  for (const auto& [name, version] : target.extensions) {
    if (std::ranges::find(named, name) != named.end()) continue;
    for (const std::string& identity : {name, quote_identifier(name)}) {
      const auto found = objects.find({"extension", identity});
      if (found == objects.end()) continue;
      for (const auto& [property, value] : found->second->properties) {
        if (property != "version" || value == version) continue;
        versions.emplace(identity, version);
        notes.push_back(fmt::format(
            "the version {} of the extension {} is not judged: the snapshot has {}, and no "
            "migration names a version",
            version, name, value));
      }
    }
  }
  return versions;
}

Catalogue StoredState::catalogue(const Target& target, const Scope& scope,
                                 std::vector<std::string>& notes) const {
  require_alike(target, scope);
  const auto versions = open_versions(target, notes);
  Catalogue::Builder builder(history_->server_major);
  std::vector<Property> properties;
  for (const auto& [id, object] : history_->objects(state_)) {
    if (id.kind == "extension member" && versions.contains(object->parent.identity)) continue;
    const auto version = id.kind == "extension" ? versions.find(id.identity) : versions.end();
    properties.clear();
    for (const auto& [name, value] : object->properties) {
      const bool open = version != versions.end() && name == "version";
      properties.push_back({name, open ? version->second : value});
    }
    builder.add(id.kind, id.identity, object->parent.kind, object->parent.identity, properties);
  }
  return std::move(builder).build();
}

std::map<ObjectId, Origin> StoredState::origins(const std::vector<ObjectId>& ids) const {
  const std::set<ObjectId> wanted(ids.begin(), ids.end());
  std::map<ObjectId, Origin> origins;
  std::map<ObjectId, const StoredHistory::StoredObject*> looks;
  for (const StoredHistory::State* state : chain_of(*history_, state_)) {
    const auto by = std::ranges::find(history_->revisions, state->by, &StoredHistory::Revision::id);
    const auto set_by = [&]() -> std::optional<Provenance> {
      if (by == history_->revisions.end()) return std::nullopt;
      return Provenance{by->id, by->message, {by->file, 0, 0}};
    }();
    for (const ObjectId& id : state->removed) {
      if (!wanted.contains(id)) continue;
      looks.erase(id);
      origins.erase(id);
      if (set_by) origins[id] = {*set_by, {}};
    }
    for (const auto& object : state->set) {
      if (!wanted.contains(object.id)) continue;
      const StoredHistory::StoredObject* before = looks[object.id];
      looks[object.id] = &object;
      if (!set_by) continue;
      Origin& origin = origins[object.id];
      origin.last = *set_by;
      for (const auto& property : object.properties) {
        const bool same = before != nullptr && std::ranges::find(before->properties, property) !=
                                                   before->properties.end();
        if (!same) origin.properties[property.first] = *set_by;
      }
      for (const auto& [name, value] :
           before ? before->properties : decltype(object.properties){}) {
        const bool gone = std::ranges::none_of(
            object.properties, [&, &old = name](const auto& now) { return now.first == old; });
        if (gone) origin.properties[name] = *set_by;
      }
    }
  }
  return origins;
}

class SnapshotHistory : public History {
 public:
  SnapshotHistory(std::shared_ptr<const StoredHistory> stored, std::string path, std::string digest)
      : stored_(std::move(stored)), path_(std::move(path)), digest_(std::move(digest)) {}

  std::string tool() const override { return stored_->tool; }
  std::size_t size() const override { return stored_->revisions.size(); }
  const VersionTable& version_table() const override { return stored_->table; }
  std::vector<std::string> roots() const override { return {path_}; }
  AppliedHistory all() const override { return applied(heads()); }

  std::vector<std::string> heads() const override { return stored_->heads; }

  AppliedHistory applied(const std::vector<std::string>& revisions) const override {
    AppliedHistory history;
    history.tool = tool();
    history.table = stored_->table;
    history.database_revisions = revisions;
    std::ranges::sort(history.database_revisions);
    history.heads = heads();
    std::set<std::string> applied(revisions.begin(), revisions.end());
    for (auto one = stored_->revisions.rbegin(); one != stored_->revisions.rend(); ++one) {
      if (applied.contains(one->id)) applied.insert(one->needs.begin(), one->needs.end());
    }
    for (const auto& one : stored_->revisions) {
      if (applied.erase(one.id) == 0) {
        history.pending.push_back(one.id);
        continue;
      }
      Migration migration;
      migration.revision = one.id;
      migration.message = one.message;
      migration.file = one.file;
      history.applied.push_back(std::move(migration));
    }
    history.unknown_revisions.assign(applied.begin(), applied.end());  // what no revision was
    Digest digest;
    digest.add("snapshot").add(digest_);
    for (const std::string& revision : history.database_revisions) digest.add(revision);
    history.digest = digest.hex();
    if (!history.unknown_revisions.empty()) {
      history.applied.clear();
    } else if (const auto state = stored_->find(history.database_revisions)) {
      history.stored = std::make_shared<const StoredState>(stored_, *state);
    } else {
      throw Error(Reason::History,
                  fmt::format("the snapshot {} has no state with the revisions {}", path_,
                              join(history.database_revisions, ", ")),
                  "It has one for each revision, and one for all heads: upgrade the database, or "
                  "give driftd the migrations.");
    }
    return history;
  }

 private:
  std::shared_ptr<const StoredHistory> stored_;
  std::string path_;
  std::string digest_;
};

}  // namespace

void StoredHistory::add_state(State state, const Catalogue& objects) {
  std::map<ObjectId, const StoredObject*> before;
  if (state.after >= 0) before = this->objects(static_cast<std::size_t>(state.after));
  for (const Object& object : objects.objects()) {
    StoredObject now = stored(object);
    const auto was = before.find(now.id);
    const bool same = was != before.end() && *was->second == now;
    if (was != before.end()) before.erase(was);
    if (!same) state.set.push_back(std::move(now));
  }
  for (const auto& [id, object] : before) state.removed.push_back(id);
  states.push_back(std::move(state));
}

std::optional<std::size_t> StoredHistory::find(const std::vector<std::string>& rows) const {
  const auto found = std::ranges::find(states, rows, &State::revisions);
  if (found == states.end()) return std::nullopt;
  return static_cast<std::size_t>(found - states.begin());
}

std::map<ObjectId, const StoredHistory::StoredObject*> StoredHistory::objects(
    std::size_t state) const {
  std::map<ObjectId, const StoredObject*> objects;
  for (const State* one : chain_of(*this, state)) {
    for (const ObjectId& id : one->removed) objects.erase(id);
    for (const StoredObject& object : one->set) objects.insert_or_assign(object.id, &object);
  }
  return objects;
}

std::unique_ptr<History> open_stored_history(const std::string& path) {
  const std::string text = read_file(path);
  auto stored = std::make_shared<const StoredHistory>(parse_stored_history(text, path));
  return std::make_unique<SnapshotHistory>(std::move(stored), path, digest_of(text));
}

}  // namespace driftd

#include "expected_schema/replay/doubts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/undetermined.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd {
namespace {

const SnapshotLimits patient{std::chrono::minutes(10), std::chrono::seconds(10)};

/// Of what the session sees now, whether it has a transaction open or not.
class Now {
 public:
  Now(Session& session, bool in_transaction) {
    if (in_transaction) {
      snapshot_.emplace(session, Snapshot::WithinTransaction{}, patient);
    } else {
      snapshot_.emplace(session, patient);
    }
  }
  Snapshot& snapshot() { return *snapshot_; }

 private:
  std::optional<Snapshot> snapshot_;
};

bool holds_open_default(const Catalogue& catalogue, const ObjectId& id) {
  const Object* object = catalogue.find(id.kind, id.identity);
  const auto value = object == nullptr ? std::nullopt : object->property("default");
  return value && value->find(open_default) != std::string_view::npos;
}

/// Whether what contains the object is one of these.
bool is_within(const std::set<ObjectId>& whole, const Catalogue& catalogue, ObjectId id) {
  for (int depth = 0; depth < 8; ++depth) {
    const Object* object = catalogue.find(id.kind, id.identity);
    if (object == nullptr || !object->has_parent()) return false;
    id = object->parent();
    if (whole.contains(id)) return true;
  }
  return false;
}

/// The nearest object above that the server numbers.
void note_container(const Catalogue& catalogue, const ObjectIds& ids, ObjectId parent,
                    ObjectId& container, std::optional<ObjectIds::Number>& number) {
  for (int depth = 0; depth < 8 && !parent.kind.empty(); ++depth) {
    number = ids.find(parent);
    if (number) {
      container = parent;
      return;
    }
    const Object* object = catalogue.find(parent.kind, parent.identity);
    if (object == nullptr) return;
    parent = object->parent();
  }
}

}  // namespace

Doubts::State Doubts::look(Session& session, bool in_transaction) const {
  Now now(session, in_transaction);
  State state;
  state.catalogue = std::make_shared<const Catalogue>(introspect(now.snapshot(), Scope{}, owner_));
  state.ids = read_object_ids(now.snapshot(), {});
  return state;
}

bool Doubts::run(Session& session, bool in_transaction, const Statement& statement,
                 const Doubt& doubt, const std::function<void()>& run) {
  if (group_ && (group_->id != doubt.group || doubt.group == 0)) group_.reset();
  State before = group_ ? State{group_->after, {}} : look(session, in_transaction);
  try {
    run();
  } catch (const Error& error) {
    if (error.reason() != Reason::Replay) throw;
    return false;
  }
  const State after = look(session, in_transaction);
  if (group_) {
    // All of the group ran, or nothing: what it did together counts.
    marks_.resize(group_->first);
    before = {group_->before, group_->ids};
  } else {
    group_ = Group{doubt.group, marks_.size(), before.catalogue, before.ids, nullptr};
  }
  group_->after = after.catalogue;
  mark(before, after, statement, doubt);
  return true;
}

void Doubts::mark(const State& before, const State& after, const Statement& statement,
                  const Doubt& doubt) {
  std::vector<Undetermined> all = changes(*before.catalogue, *after.catalogue);
  std::set<ObjectId> whole;
  for (const Undetermined& one : all) {
    if (one.properties.empty()) whole.insert(one.object);
  }
  for (Undetermined& one : all) {
    const Object* object = after.catalogue->find(one.object.kind, one.object.identity);
    if (is_within(whole, *(object != nullptr ? after : before).catalogue, one.object)) continue;
    Mark mark;
    mark.there = object != nullptr;
    const State& where = mark.there ? after : before;
    if (object == nullptr) {
      object = before.catalogue->find(one.object.kind, one.object.identity);
    }
    if (mark.there) mark.number = after.ids.find(one.object);
    note_container(*where.catalogue, where.ids, object->parent(), mark.container,
                   mark.container_number);
    mark.placeholder = one.properties == std::vector<std::string>{"default"} &&
                       holds_open_default(*after.catalogue, one.object);
    if (mark.placeholder && statement.sql.find(open_column) != std::string::npos) {
      one.properties.clear();
    }
    mark.about = std::move(one);
    mark.about.revision = statement.revision;
    mark.about.why = doubt.why;
    mark.about.hint = doubt.hint;
    mark.about.place = statement.place;
    marks_.push_back(std::move(mark));
  }
}

std::vector<Undetermined> Doubts::now(Session& session, bool in_transaction,
                                      std::size_t known) const {
  std::vector<Undetermined> all;
  if (known >= marks_.size()) return all;
  const State state = look(session, in_transaction);
  Now now(session, in_transaction);
  for (auto at = marks_.begin() + static_cast<std::ptrdiff_t>(known); at != marks_.end(); ++at) {
    Undetermined one = at->about;
    const bool whole = one.properties.empty();
    if (at->number) {
      const auto called = object_of(now.snapshot(), *at->number);
      if (!called) continue;  // dropped since, which is certain
      one.object = *called;
      // A default that was not known may have been set since.
      if (!at->placeholder || whole || holds_open_default(*state.catalogue, one.object)) {
        all.push_back(std::move(one));
      }
      continue;
    }
    if (at->container_number) {
      const auto called = object_of(now.snapshot(), *at->container_number);
      if (!called) continue;
      const bool there = state.catalogue->find(one.object.kind, one.object.identity) != nullptr;
      if (*called != at->container || (!whole && !there)) {
        // It is not known under which name to look for it.
        one.object = *called;
        one.properties.clear();
      } else if (at->there && !there) {
        continue;
      }
    }
    if (!whole && !at->container_number &&
        state.catalogue->find(one.object.kind, one.object.identity) == nullptr) {
      throw Error(Reason::NotUnderstood,
                  fmt::format("what has become of {} is not known, and {} of it is undetermined: "
                              "{}",
                              to_string(one.object), join(one.properties, ", "), one.why),
                  one.hint, one.place);
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace driftd

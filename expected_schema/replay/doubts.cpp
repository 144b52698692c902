#include "expected_schema/replay/doubts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/names.h"
#include "expected_schema/catalogue/undetermined.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd {
namespace {

const SnapshotLimits patient{std::chrono::minutes(10), std::chrono::seconds(10)};

/// Whether a default that was not known has been set since.
bool set_since(const Catalogue& catalogue, const Undetermined& one, bool was_placeholder) {
  if (!was_placeholder) return false;
  const Object* object = catalogue.find(one.object.kind, one.object.identity);
  const auto value = object == nullptr ? std::nullopt : object->property("default");
  return object != nullptr && (!value || value->find(open_default) == std::string_view::npos);
}

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Whether the name stands in the text as a word of its own, in capitals or not.
bool has_word(const std::string& lower_text, const std::string& name) {
  for (auto at = lower_text.find(name); at != std::string::npos;
       at = lower_text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_word_byte(lower_text[at - 1])) &&
        (end == lower_text.size() || !is_word_byte(lower_text[end]))) {
      return true;
    }
  }
  return false;
}

std::string bare_name(const ObjectId& id) {
  std::string name(own_name(id.identity));
  if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
  return lower(name);
}

/// Whether a statement may do one thing or another, as the catalogue is: beside IF EXISTS and IF
/// NOT EXISTS of one object, after which that object is as undetermined as before.
bool decides_itself(const std::string& lower_sql) {
  const std::string_view text = trim(lower_sql);
  return text.starts_with("do ") || text.starts_with("do\n") || text.starts_with("do$") ||
         text.starts_with("select") || text.starts_with("call") || text.starts_with("with") ||
         text.find(" rename ") != std::string::npos || text.find("\nrename ") != std::string::npos;
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
  std::optional<Snapshot> snapshot;
  if (in_transaction) {
    snapshot.emplace(session, Snapshot::WithinTransaction{}, patient);
  } else {
    snapshot.emplace(session, patient);
  }
  State state;
  state.catalogue = std::make_shared<const Catalogue>(introspect(*snapshot, Scope{}, owner_));
  state.ids = read_object_ids(*snapshot, {});
  return state;
}

bool Doubts::run(Session& session, bool in_transaction, const Statement& statement,
                 const Doubt& doubt, const std::function<void()>& run) {
  if (decides_itself(lower(statement.sql)) && mentioned(lower(statement.sql)) != nullptr) {
    return false;
  }
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
    mark.placeholder = one.properties == std::vector<std::string>{"default"} &&
                       statement.sql.find(open_default) != std::string::npos;
    note_container(*where.catalogue, where.ids, object->parent(), mark.container,
                   mark.container_number);
    mark.about = std::move(one);
    mark.about.revision = statement.revision;
    mark.about.why = doubt.why;
    mark.about.hint = doubt.hint;
    mark.about.place = statement.place;
    marks_.push_back(std::move(mark));
  }
}

const Doubts::Mark* Doubts::mentioned(const std::string& text) const {
  const auto found = std::ranges::find_if(marks_, [&](const Mark& mark) {
    return !mark.placeholder && has_word(text, bare_name(mark.about.object));
  });
  return found == marks_.end() ? nullptr : &*found;
}

namespace {

[[noreturn]] void refuse(const Statement& statement, const Undetermined& about,
                         const std::string& what) {
  throw Error(Reason::NotUnderstood,
              fmt::format("{} depends on {}, which is not determined: {} ({})", what,
                          to_string(about), about.why, to_string(about.place)),
              about.hint, statement.place);
}

}  // namespace

void Doubts::refuse_dependent(const Statement& statement) const {
  if (marks_.empty()) return;
  const std::string text = lower(statement.sql);
  const auto copied = std::ranges::find_if(marks_, [&](const Mark& mark) {
    return mark.placeholder && text.find(open_default) != std::string::npos;
  });
  if (copied != marks_.end()) refuse(statement, copied->about, "a default that is made anew");
  if (!decides_itself(text)) return;
  if (const Mark* mark = mentioned(text)) {
    refuse(statement, mark->about, "what the statement does");
  }
}

void Doubts::refuse_dependent(const Statement& query, const Answer& answer) const {
  if (marks_.empty()) return;
  std::string text = lower(query.sql);
  for (const Mark& mark : marks_) {
    // Of what is not there, the answer to a question about what contained it tells nothing.
    const bool lacks =
        !mark.there && (mark.container.kind.empty() || has_word(text, bare_name(mark.container)));
    if (lacks) refuse(query, mark.about, "what the query gives");
  }
  for (const auto& row : answer.rows) {
    for (const auto& cell : row) {
      if (cell) text += "\n" + lower(*cell);
    }
  }
  if (const Mark* mark = mentioned(text)) refuse(query, mark->about, "what the query gives");
}

std::vector<Undetermined> Doubts::now(Session& session, bool in_transaction,
                                      std::size_t known) const {
  std::vector<Undetermined> all;
  if (known >= marks_.size()) return all;
  const State state = look(session, in_transaction);
  std::optional<Snapshot> snapshot;
  if (in_transaction) {
    snapshot.emplace(session, Snapshot::WithinTransaction{}, patient);
  } else {
    snapshot.emplace(session, patient);
  }
  for (auto at = marks_.begin() + static_cast<std::ptrdiff_t>(known); at != marks_.end(); ++at) {
    Undetermined one = at->about;
    const bool whole = one.properties.empty();
    if (at->number) {
      const auto called = object_of(*snapshot, *at->number);
      if (!called) continue;  // dropped since, which is certain
      one.object = *called;
      if (!set_since(*state.catalogue, one, at->placeholder)) all.push_back(std::move(one));
      continue;
    }
    if (at->container_number) {
      const auto called = object_of(*snapshot, *at->container_number);
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

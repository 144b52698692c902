#include "expected_schema/python/watched.h"

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace driftd::python {
namespace {

thread_local Watched* watched_now = nullptr;

/// What a value shares with its copies; null for one that holds no other value.
const void* identity(const Value& value) {
  if (const auto* list = value.get_if<List>()) return list->get();
  if (const auto* dict = value.get_if<Dict>()) return dict->get();
  if (const auto* set = value.get_if<Set>()) return set->items.get();
  if (const auto* tuple = value.get_if<Tuple>()) return tuple->items.get();
  if (const auto* instance = value.get_if<std::shared_ptr<Instance>>()) return instance->get();
  if (const auto* attribute = value.get_if<std::shared_ptr<const Attribute>>()) {
    return attribute->get();
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
    return operation->get();
  }
  return value.term();
}

std::vector<const Value*> parts(const Value& value) {
  std::vector<const Value*> result;
  const auto add = [&](const Value& part) {
    if (identity(part) != nullptr) result.push_back(&part);
  };
  const auto add_shared = [&](const std::shared_ptr<Value>& part) {
    if (part) add(*part);
  };
  if (const auto* list = value.get_if<List>()) {
    for (const Value& item : **list) add(item);
  } else if (const auto* set = value.get_if<Set>()) {
    for (const Value& item : *set->items) add(item);
  } else if (const auto* tuple = value.get_if<Tuple>()) {
    for (const Value& item : *tuple->items) add(item);
  } else if (const auto* dict = value.get_if<Dict>()) {
    for (const auto& [key, item] : **dict) {
      add(key);
      add(item);
    }
  } else if (const auto* instance = value.get_if<std::shared_ptr<Instance>>()) {
    if ((*instance)->payload) add(*(*instance)->payload);
  } else if (const auto* attribute = value.get_if<std::shared_ptr<const Attribute>>()) {
    add_shared((*attribute)->object);
  } else if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
    add_shared((*operation)->left);
    add_shared((*operation)->right);
  } else if (const Term* term = value.term()) {
    add_shared(term->object);
    for (const Value& item : term->arguments.positional) add(item);
    for (const auto& [name, item] : term->arguments.keyword) add(item);
  }
  return result;
}

/// Finds what contains itself: Tarjan's strongly connected components, without recursion.
class Rings {
 public:
  void search(const Value& root) {
    if (identity(root) == nullptr || seen_.contains(identity(root))) return;
    enter(root);
    while (!open_.empty()) {
      Open& top = open_.back();
      if (top.at < top.parts.size()) {
        visit(top, *top.parts[top.at++]);
      } else {
        leave();
      }
    }
  }
  bool has(const void* one) const { return found_.contains(one); }

 private:
  struct Seen {
    std::size_t index;
    std::size_t lowest;
    bool pending = true;
  };
  struct Open {
    const void* one;
    std::vector<const Value*> parts;
    std::size_t at = 0;
  };

  void enter(const Value& value) {
    const void* one = identity(value);
    seen_.insert({one, {seen_.size(), seen_.size()}});
    pending_.push_back(one);
    open_.push_back({one, parts(value)});
  }
  void visit(const Open& from, const Value& part) {
    const void* one = identity(part);
    if (one == from.one) found_.insert(one);
    const auto known = seen_.find(one);
    if (known == seen_.end()) {
      enter(part);
    } else if (known->second.pending) {
      Seen& seen = seen_.at(from.one);
      seen.lowest = std::min(seen.lowest, known->second.index);
    }
  }
  void leave() {
    const void* one = open_.back().one;
    open_.pop_back();
    const Seen left = seen_.at(one);
    if (!open_.empty()) {
      Seen& above = seen_.at(open_.back().one);
      above.lowest = std::min(above.lowest, left.lowest);
    }
    if (left.lowest != left.index) return;
    const bool several = pending_.back() != one;
    for (const void* last = nullptr; last != one;) {
      last = pending_.back();
      pending_.pop_back();
      seen_.at(last).pending = false;
      if (several) found_.insert(last);
    }
  }

  std::unordered_map<const void*, Seen> seen_;
  std::vector<Open> open_;
  std::vector<const void*> pending_;
  std::unordered_set<const void*> found_;
};

void cut_containers(const Watched& watched) {
  const auto lists = watched.lists.alive();
  const auto dicts = watched.dicts.alive();
  Rings rings;
  for (const auto& list : lists) rings.search(Value(list));
  for (const auto& dict : dicts) rings.search(Value(dict));
  // What is cut is kept until all is cut.
  std::vector<std::vector<Value>> items;
  std::vector<std::vector<std::pair<Value, Value>>> entries;
  for (const auto& list : lists) {
    if (rings.has(list.get())) items.push_back(std::exchange(*list, {}));
  }
  for (const auto& dict : dicts) {
    if (rings.has(dict.get())) entries.push_back(std::exchange(*dict, {}));
  }
}

}  // namespace

Watching::Watching(Watched& watched) : before_(std::exchange(watched_now, &watched)) {}
Watching::~Watching() {
  watched_now = before_;
}

Watched* watched_here() {
  return watched_now;
}

void Watched::cut() {
  // A function refers to the scope that names it, an object to its parent: every such ring is cut.
  // What is cut is kept until all is cut, and then goes at once.
  {
    std::vector<decltype(Scope::names)> names;
    std::vector<std::vector<std::pair<std::string, Value>>> attributes;
    std::vector<std::shared_ptr<Scope>> parents;
    std::vector<std::vector<Value>> members;
    std::vector<Native> natives;
    std::vector<decltype(Instance::next)> iterators;
    std::vector<std::shared_ptr<Coroutine>> coroutines;
    std::vector<std::vector<Parameter>> parameters;
    std::vector<std::optional<Value>> selves;
    for (const auto& scope : scopes.alive()) {
      names.push_back(std::exchange(scope->names, {}));
      parents.push_back(std::exchange(scope->parent, nullptr));
    }
    for (const auto& instance : instances.alive()) {
      attributes.push_back(std::exchange(instance->attributes, {}));
      iterators.push_back(std::exchange(instance->next, nullptr));
      coroutines.push_back(std::exchange(instance->coroutine, nullptr));
    }
    for (const auto& type : classes.alive()) {
      attributes.push_back(std::exchange(type->attributes, {}));
      members.push_back(std::exchange(type->members, {}));
      natives.push_back(std::exchange(type->construct, nullptr));
      parents.push_back(std::exchange(type->body, nullptr));
      members.push_back(std::exchange(type->decorators, {}));
      attributes.push_back(std::exchange(type->keywords, {}));
    }
    for (const auto& function : functions.alive()) {
      natives.push_back(std::exchange(function->native, nullptr));
      parameters.push_back(std::exchange(function->parameters, {}));
      selves.push_back(std::exchange(function->self, std::nullopt));
      parents.push_back(std::exchange(function->closure, nullptr));
    }
  }
  cut_containers(*this);
}

}  // namespace driftd::python

#include "expected_schema/python/value.h"

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// Values whose destruction would nest too deeply wait here for the outermost one.
struct Waiting {
  int depth = 0;
  bool draining = false;
  std::vector<Value> values;
};
Waiting& waiting() {
  thread_local Waiting state;
  return state;
}
constexpr int deepest_destruction = 40;

List watched_list(std::vector<Value> items) {
  auto made = std::make_shared<std::vector<Value>>(std::move(items));
  if (Watched* watched = watched_here()) watched->lists.add(made);
  return made;
}

}  // namespace

Value::~Value() {
  if (storage_.index() < Storage(List()).index()) return;  // None, numbers and text hold no value
  Waiting& state = waiting();
  if (state.depth >= deepest_destruction) {
    state.values.emplace_back().storage_.swap(storage_);
    return;
  }
  ++state.depth;
  storage_ = None{};
  --state.depth;
  if (state.depth > 0 || state.draining) return;
  state.draining = true;
  while (!state.values.empty()) {
    const Value last = std::move(state.values.back());
    state.values.pop_back();
  }
  state.draining = false;
}

const Value* Arguments::find(std::string_view keyword_name) const {
  const auto found = std::find_if(keyword.begin(), keyword.end(),
                                  [&](const auto& pair) { return pair.first == keyword_name; });
  return found == keyword.end() ? nullptr : &found->second;
}

const Term* Value::term() const {
  const auto* term = get_if<std::shared_ptr<const Term>>();
  return term == nullptr ? nullptr : term->get();
}

const Unknown* Value::unknown() const {
  const auto* unknown = get_if<std::shared_ptr<const Unknown>>();
  return unknown == nullptr ? nullptr : unknown->get();
}

Value list_of(std::vector<Value> items) {
  return watched_list(std::move(items));
}

Value tuple_of(std::vector<Value> items) {
  return Tuple{std::make_shared<const std::vector<Value>>(std::move(items))};
}

Value dict_of(std::vector<std::pair<Value, Value>> items) {
  auto made = std::make_shared<std::vector<std::pair<Value, Value>>>(std::move(items));
  if (Watched* watched = watched_here()) watched->dicts.add(made);
  return made;
}

Value set_of(std::vector<Value> items) {
  return Set{watched_list(std::move(items))};
}

Value native(std::string name, Native function) {
  auto made = make_function();
  made->name = std::move(name);
  made->native = std::move(function);
  return made;
}

bool is_symbolic(const Value& value) {
  return value.get_if<Symbol>() != nullptr || value.term() != nullptr ||
         value.get_if<std::shared_ptr<const Attribute>>() != nullptr ||
         value.get_if<std::shared_ptr<const Operation>>() != nullptr;
}

const Value& unwrapped(const Value& value) {
  const auto* instance = value.get_if<std::shared_ptr<Instance>>();
  if (instance == nullptr || !(*instance)->payload) return value;
  return *(*instance)->payload;
}

const std::string* as_text(const Value& value) {
  return unwrapped(value).get_if<std::string>();
}

std::optional<std::int64_t> as_int(const Value& value) {
  const Value& plain = unwrapped(value);
  if (const auto* number = plain.get_if<std::int64_t>()) return *number;
  if (const auto* truth = plain.get_if<bool>()) return *truth ? 1 : 0;
  return std::nullopt;
}

std::optional<double> as_number(const Value& value) {
  if (const auto* number = unwrapped(value).get_if<double>()) return *number;
  if (const auto whole = as_int(value)) return static_cast<double>(*whole);
  return std::nullopt;
}

const Value* Class::own(std::string_view attribute) const {
  for (const auto& [own_name, value] : attributes) {
    if (own_name == attribute) return &value;
  }
  return nullptr;
}

void Class::set(const std::string& attribute, Value value) {
  for (auto& [own_name, old] : attributes) {
    if (own_name == attribute) {
      old = std::move(value);
      return;
    }
  }
  attributes.emplace_back(attribute, std::move(value));
}

const Value* Instance::own(std::string_view attribute) const {
  for (const auto& [own_name, value] : attributes) {
    if (own_name == attribute) return &value;
  }
  return nullptr;
}

void Instance::set(const std::string& attribute, Value value) {
  for (auto& [own_name, old] : attributes) {
    if (own_name == attribute) {
      old = std::move(value);
      return;
    }
  }
  attributes.emplace_back(attribute, std::move(value));
}

const Value* find_attribute(const Class& type, std::string_view attribute) {
  if (const Value* own = type.own(attribute)) return own;
  for (const auto& base : type.line) {
    if (const Value* inherited = base->own(attribute)) return inherited;
  }
  if (!type.line.empty()) return nullptr;
  for (const auto& base : type.bases) {
    if (const Value* inherited = find_attribute(*base, attribute)) return inherited;
  }
  return nullptr;
}

std::shared_ptr<const Error> poisoned_attribute(const Class& type, std::string_view attribute) {
  const auto of = [&](const Class& one) -> std::shared_ptr<const Error> {
    const auto found = one.poisoned.find(attribute);
    return found == one.poisoned.end() ? nullptr : found->second;
  };
  if (auto own = of(type)) return own;
  if (type.own(attribute) != nullptr) return nullptr;
  for (const auto& base : type.line) {
    if (auto inherited = of(*base)) return inherited;
    if (base->own(attribute) != nullptr) return nullptr;
  }
  return nullptr;
}

bool is_subclass(const Class& type, const Class& base) {
  return &type == &base || std::any_of(type.bases.begin(), type.bases.end(),
                                       [&](const auto& one) { return is_subclass(*one, base); });
}

bool is_opaque(const Class& type) {
  return type.opaque || std::any_of(type.bases.begin(), type.bases.end(),
                                    [](const auto& base) { return is_opaque(*base); });
}

}  // namespace driftd::python

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

/// Dicts and sets by Python's equality of keys.
namespace driftd::python {
namespace {
constexpr int deepest_comparison = 100;

void check_hashable(Interpreter& interpreter, const Value& key, const Place& place, int depth = 0) {
  const auto* instance = key.get_if<std::shared_ptr<Instance>>();
  if (instance != nullptr) return;
  if (key.get_if<List>() != nullptr || key.get_if<Dict>() != nullptr) {
    interpreter.raise("TypeError", fmt::format("unhashable type: '{}'", type_name(key)), place);
  }
  if (const auto* tuple = key.get_if<Tuple>(); tuple != nullptr && depth < deepest_comparison) {
    for (const Value& item : *tuple->items) check_hashable(interpreter, item, place, depth + 1);
  }
}
}  // namespace

std::optional<std::size_t> Interpreter::find_item(const std::vector<Value>& items,
                                                  const Value& value, const Place& place) {
  bool unknown = false;
  // The usual keys need no full comparison.
  const auto* text = value.get_if<std::string>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (text != nullptr) {
      if (const auto* other = items[i].get_if<std::string>()) {
        if (*other == *text) return i;
        continue;
      }
    }
    const auto answer = equal(items[i], value, place);
    if (answer == true) return i;
    // Two terms are two objects, and two library names as a rule are two things: keys may be both.
    if (!answer) unknown = true;
  }
  if (unknown && !(value.get_if<Symbol>() != nullptr || value.term() != nullptr)) {
    for (const Value& item : items) {
      if (const Why why = unknown_in(item)) need(why, place);
    }
    if (const Why why = unknown_in(value)) need(why, place);
    refuse(place, fmt::format("cannot tell whether `{}` is among the keys without running the app",
                              describe(value)));
  }
  return std::nullopt;
}

std::size_t Interpreter::find_key(const Dict& dict, const Value& key, const Place& place) {
  check_hashable(*this, key, place);
  bool unknown = false;
  const auto* text = key.get_if<std::string>();
  step(place);
  for (std::size_t i = 0; i < dict->size(); ++i) {
    const Value& other_key = (*dict)[i].first;
    if (text != nullptr) {
      if (const auto* other = other_key.get_if<std::string>()) {
        if (*other == *text) return i;
        continue;
      }
    }
    const auto answer = equal(other_key, key, place);
    if (answer == true) return i;
    if (!answer) unknown = true;
  }
  if (unknown) {
    for (const auto& [other_key, item] : *dict) {
      if (const Why why = unknown_in(other_key)) need(why, place);
    }
    if (const Why why = unknown_in(key)) need(why, place);
    refuse(place, fmt::format("cannot tell whether `{}` is among the keys without running the app",
                              describe(key)));
  }
  return npos;
}

void Interpreter::set_key(const Dict& dict, Value key, Value value, const Place& place) {
  std::size_t at = npos;
  if (const Why why = unknown_in(key)) {
    blur(dict, dict->size(), why);
    return;
  }
  if (const bool more = std::any_of(dict->begin(), dict->end(), [](const auto& one) {
        return one.first.unknown() != nullptr;
      })) {
    // It stands beside what may be there, and takes the place of what has its own key.
    for (std::size_t i = 0; i < dict->size() && at == npos; ++i) {
      if (equal((*dict)[i].first, key, place) == true) at = i;
    }
    if (at == npos) at = more ? npos : at;
  } else if (key.get_if<Symbol>() != nullptr || key.term() != nullptr) {
    // Two library names are two keys, until one is looked up that is not there as written.
    for (std::size_t i = 0; i < dict->size() && at == npos; ++i) {
      if (equal((*dict)[i].first, key, place) == true) at = i;
    }
  } else {
    at = find_key(dict, key, place);
  }
  charge(2 * sizeof(Value), place);
  if (at != npos) {
    (*dict)[at].second = std::move(value);
  } else {
    dict->emplace_back(std::move(key), std::move(value));
  }
}

void Interpreter::add_item(const Set& set, Value value, const Place& place) {
  check_hashable(*this, value, place);
  charge(sizeof(Value), place);
  if (const Why why = unknown_in(value)) {
    set.items->push_back(rest_of(why));
    return;
  }
  const bool more = std::any_of(set.items->begin(), set.items->end(),
                                [](const Value& one) { return one.unknown() != nullptr; });
  if (more) {
    const bool there = std::any_of(set.items->begin(), set.items->end(), [&](const Value& one) {
      return equal(one, value, place) == true;
    });
    if (!there) set.items->push_back(std::move(value));
    return;
  }
  if (!find_item(*set.items, value, place)) set.items->push_back(std::move(value));
}

}  // namespace driftd::python

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expected_schema/base/text.h"
#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/parameters.h"

namespace driftd::python {
namespace {

using Method = Value (*)(Interpreter&, const Arguments&, const Place&);
using Methods = std::map<std::string, Method, std::less<>>;
#define METHOD [](Interpreter & it, const Arguments& arguments, const Place& place) -> Value

std::vector<Value>& list_self(const Arguments& arguments) {
  return **arguments.positional.front().get_if<List>();
}
const Dict& dict_self(const Arguments& arguments) {
  return *arguments.positional.front().get_if<Dict>();
}
const Set& set_self(const Arguments& arguments) {
  return *arguments.positional.front().get_if<Set>();
}

std::size_t position(Interpreter& it, const std::vector<Value>& items, const Value& value,
                     const Place& place, std::string_view what) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto same = it.equal(items[i], value, place);
    if (!same) {
      for (const Value* one : {&items[i], &value}) {
        if (const Why why = unknown_in(*one)) it.need(why, place);
      }
      refuse(place, fmt::format("cannot tell whether `{}` equals `{}` without running the app",
                                describe(items[i]), describe(value)));
    }
    if (*same) return i;
  }
  it.raise("ValueError", fmt::format("{}: x not in {}", what, what), place);
}

std::int64_t count(Interpreter& it, const std::vector<Value>& items, const Value& value,
                   const Place& place) {
  return std::count_if(items.begin(), items.end(), [&](const Value& item) {
    const auto same = it.equal(item, value, place);
    for (const Value* one : {&item, &value}) {
      if (const Why why = same ? nullptr : unknown_in(*one)) it.need(why, place);
    }
    if (!same)
      refuse(place,
             fmt::format("cannot tell whether `{}` equals `{}`", describe(item), describe(value)));
    return *same;
  });
}

const Methods& list_methods() {
  static const Methods methods = {
      {"append", METHOD{const Given given(it, "append", arguments, {"self", "object"}, place);
  it.charge(sizeof(Value), place);
  list_self(arguments).push_back(given[1]);
  return None{};
}
}  // namespace
, {"extend", METHOD{const Given given(it, "extend", arguments, {"self", "iterable"}, place);
const std::vector<Value> more = it.items(given[1], place);
it.charge(more.size() * sizeof(Value), place);
list_self(arguments).insert(list_self(arguments).end(), more.begin(), more.end());
return None{};
}  // namespace driftd::python
}
, {"insert", METHOD{const Given given(it, "insert", arguments, {"self", "index", "object"}, place);
auto& list = list_self(arguments);
it.charge(sizeof(Value), place);
const auto size = static_cast<std::int64_t>(list.size());
std::int64_t at = given.integer(1);
if (at < 0) at = std::max(at + size, std::int64_t{0});
list.insert(list.begin() + std::min(at, size), given[2]);
return None{};
}
}
, {"pop", METHOD{const Given given(it, "pop", arguments, {"self", "index?"}, place);
auto& list = list_self(arguments);
std::int64_t at = given.has(1) ? given.integer(1) : -1;
if (at < 0) at += static_cast<std::int64_t>(list.size());
if (at < 0 || at >= static_cast<std::int64_t>(list.size())) {
  it.raise("IndexError", list.empty() ? "pop from empty list" : "pop index out of range", place);
}
Value taken = list[static_cast<std::size_t>(at)];
list.erase(list.begin() + at);
return taken;
}
}
, {"remove", METHOD{const Given given(it, "remove", arguments, {"self", "value"}, place);
auto& list = list_self(arguments);
const std::size_t at = position(it, list, given[1], place, "list.remove(x)");
list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
return None{};
}
}
, {"index", METHOD{const Given given(it, "index", arguments, {"self", "value"}, place);
return static_cast<std::int64_t>(
    position(it, list_self(arguments), given[1], place, "list.index(x)"));
}
}
, {"count", METHOD{const Given given(it, "count", arguments, {"self", "value"}, place);
return count(it, list_self(arguments), given[1], place);
}
}
, {"clear", METHOD{const Given given(it, "clear", arguments, {"self"}, place);
list_self(arguments).clear();
return None{};
}
}
, {"copy", METHOD{const Given given(it, "copy", arguments, {"self"}, place);
return list_of(it.items(given[0], place));
}
}
, {"reverse", METHOD{const Given given(it, "reverse", arguments, {"self"}, place);
std::reverse(list_self(arguments).begin(), list_self(arguments).end());
return None{};
}
}
, {"sort", METHOD{const Given given(it, "sort", arguments, {"self", "key?", "reverse?"}, place);
it.sort(*given[0].get_if<List>(), given.has(1) ? given[1] : Value(),
        given.has(2) && it.truth(given[2], place), place);
return None{};
}
}
,
}
;
return methods;
}

const Methods& tuple_methods() {
  static const Methods methods = {
      {"index", METHOD{const Given given(it, "index", arguments, {"self", "value"}, place);
  return static_cast<std::int64_t>(
      position(it, it.items(given[0], place), given[1], place, "tuple.index(x)"));
}
}
, {"count", METHOD{const Given given(it, "count", arguments, {"self", "value"}, place);
return count(it, it.items(given[0], place), given[1], place);
}
}
,
}
;
return methods;
}

const Methods& dict_methods() {
  static const Methods methods = {
      {"get", METHOD{const Given given(it, "get", arguments, {"self", "key", "default?"}, place);
  const std::size_t at = it.find_key(dict_self(arguments), given[1], place);
  if (at != Interpreter::npos) return (*dict_self(arguments))[at].second;
  return given.has(2) ? given[2] : Value();
}
}
, {"setdefault",
   METHOD{const Given given(it, "setdefault", arguments, {"self", "key", "default?"}, place);
const std::size_t at = it.find_key(dict_self(arguments), given[1], place);
if (at != Interpreter::npos) return (*dict_self(arguments))[at].second;
Value made = given.has(2) ? given[2] : Value();
it.set_key(dict_self(arguments), given[1], made, place);
return made;
}
}
, {"pop", METHOD{const Given given(it, "pop", arguments, {"self", "key", "default?"}, place);
const std::size_t at = it.find_key(dict_self(arguments), given[1], place);
if (at == Interpreter::npos) {
  if (given.has(2)) return given[2];
  it.raise("KeyError", given[1], place);
}
Value taken = (*dict_self(arguments))[at].second;
dict_self(arguments)->erase(dict_self(arguments)->begin() + static_cast<std::ptrdiff_t>(at));
return taken;
}
}
, {"popitem", METHOD{const Given given(it, "popitem", arguments, {"self"}, place);
if (dict_self(arguments)->empty()) {
  it.raise("KeyError", "popitem(): dictionary is empty", place);
}
auto [key, value] = dict_self(arguments) -> back();
dict_self(arguments)->pop_back();
return tuple_of({std::move(key), std::move(value)});
}
}
, {"keys", METHOD{const Given given(it, "keys", arguments, {"self"}, place);
return set_of(it.items(given[0], place));
}
}
, {"values", METHOD{const Given given(it, "values", arguments, {"self"}, place);
std::vector<Value> values;
it.charge(dict_self(arguments)->size() * sizeof(Value), place);
for (const auto& [key, value] : *dict_self(arguments)) values.push_back(value);
return list_of(std::move(values));
}
}
, {"items", METHOD{const Given given(it, "items", arguments, {"self"}, place);
std::vector<Value> pairs;
it.charge(dict_self(arguments)->size() * 3 * sizeof(Value), place);
for (const auto& [key, value] : *dict_self(arguments)) pairs.push_back(tuple_of({key, value}));
return list_of(std::move(pairs));
}
}
, {"copy", METHOD{const Given given(it, "copy", arguments, {"self"}, place);
it.charge(dict_self(arguments)->size() * 2 * sizeof(Value), place);
return dict_of(*dict_self(arguments));
}
}
, {"clear", METHOD{const Given given(it, "clear", arguments, {"self"}, place);
dict_self(arguments)->clear();
return None{};
}
}
, {"update", METHOD{for (std::size_t i = 1; i < arguments.positional.size();
                         ++i){it.update(dict_self(arguments), arguments.positional[i], place);
}
for (const auto& [name, value] : arguments.keyword) {
  it.set_key(dict_self(arguments), name, value, place);
}
return None{};
}
}
,
}
;
return methods;
}

Value as_set(Interpreter& it, const Value& value, const Place& place) {
  if (value.get_if<Set>() != nullptr) return value;
  const Value made = set_of({});
  for (Value& item : it.items(value, place))
    it.add_item(*made.get_if<Set>(), std::move(item), place);
  return made;
}

Value combine(Interpreter& it, const Arguments& arguments, std::string_view op,
              const Place& place) {
  Value result = set_of(*set_self(arguments).items);
  for (std::size_t i = 1; i < arguments.positional.size(); ++i) {
    result = it.binary(op, result, as_set(it, arguments.positional[i], place), place);
  }
  return result;
}

const Methods& set_methods() {
  static const Methods methods = {
      {"add", METHOD{const Given given(it, "add", arguments, {"self", "elem"}, place);
  it.add_item(set_self(arguments), given[1], place);
  return None{};
}
}
, {"discard", METHOD{const Given given(it, "discard", arguments, {"self", "elem"}, place);
auto& items = *set_self(arguments).items;
if (const auto at = it.find_item(items, given[1], place)) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(*at));
}
return None{};
}
}
, {"remove", METHOD{const Given given(it, "remove", arguments, {"self", "elem"}, place);
auto& items = *set_self(arguments).items;
const auto at = it.find_item(items, given[1], place);
if (!at) it.raise("KeyError", given[1], place);
items.erase(items.begin() + static_cast<std::ptrdiff_t>(*at));
return None{};
}
}
, {"pop", METHOD{const Given given(it, "pop", arguments, {"self"}, place);
auto& items = *set_self(arguments).items;
if (items.empty()) it.raise("KeyError", "pop from an empty set", place);
if (items.size() > 1) refuse(place, "which item `set.pop()` takes differs in every run");
Value taken = items.front();
items.clear();
return taken;
}
}
, {"clear", METHOD{const Given given(it, "clear", arguments, {"self"}, place);
set_self(arguments).items->clear();
return None{};
}
}
, {"copy", METHOD{return combine(it, arguments, "|", place);
}
}
, {"union", METHOD{return combine(it, arguments, "|", place);
}
}
, {"intersection", METHOD{return combine(it, arguments, "&", place);
}
}
, {"difference", METHOD{return combine(it, arguments, "-", place);
}
}
, {"symmetric_difference", METHOD{return combine(it, arguments, "^", place);
}
}
, {"update",
   METHOD{*set_self(arguments).items = *combine(it, arguments, "|", place).get_if<Set>()->items;
return None{};
}
}
, {"difference_update",
   METHOD{*set_self(arguments).items = *combine(it, arguments, "-", place).get_if<Set>()->items;
return None{};
}
}
, {"intersection_update",
   METHOD{*set_self(arguments).items = *combine(it, arguments, "&", place).get_if<Set>()->items;
return None{};
}
}
, {"issubset", METHOD{const Given given(it, "issubset", arguments, {"self", "other"}, place);
return it.compare("<=", given[0], as_set(it, given[1], place), place);
}
}
, {"issuperset", METHOD{const Given given(it, "issuperset", arguments, {"self", "other"}, place);
return it.compare(">=", given[0], as_set(it, given[1], place), place);
}
}
, {"isdisjoint", METHOD{const Given given(it, "isdisjoint", arguments, {"self", "other"}, place);
return !it.truth(combine(it, arguments, "&", place), place);
}
}
,
}
;
return methods;
}

const Methods& bytes_methods() {
  static const Methods methods = {
      {"decode",
       METHOD{const Given given(it, "decode", arguments, {"self", "encoding?", "errors?"}, place);
  const std::string name = given.has(1) ? lower(given.text(1)) : "utf-8";
  const std::string& data = given[0].get_if<Bytes>()->data;
  if ((name != "utf-8" && name != "utf8" && name != "ascii") || valid_utf8(data) != data) {
    refuse(place, "these bytes cannot be decoded here");
  }
  return data;
}
}
,
}
;
return methods;
}

#undef METHOD

}  // namespace

std::optional<Native> Interpreter::collection_method(const Value& object, const std::string& name) {
  const Methods* methods = nullptr;
  if (object.get_if<List>() != nullptr) methods = &list_methods();
  if (object.get_if<Tuple>() != nullptr) methods = &tuple_methods();
  if (object.get_if<Dict>() != nullptr) methods = &dict_methods();
  if (object.get_if<Set>() != nullptr) methods = &set_methods();
  if (object.get_if<Bytes>() != nullptr) methods = &bytes_methods();
  if (methods == nullptr) return std::nullopt;
  const auto found = methods->find(name);
  if (found == methods->end()) return std::nullopt;
  return [method = found->second](Interpreter& it, Arguments arguments, const Place& place) {
    return method(it, arguments, place);
  };
}

}  // namespace driftd::python

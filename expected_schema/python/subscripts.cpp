#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/unicode.h"

namespace driftd::python {
namespace {

struct Range {
  std::int64_t start = 0;
  std::int64_t stop = 0;
  std::int64_t step = 1;
};

template <typename Take>
void walk(const Range& range, const Take& take) {
  for (std::int64_t at = range.start; range.step > 0 ? at < range.stop : at > range.stop;) {
    take(static_cast<std::size_t>(at));
    if (__builtin_add_overflow(at, range.step, &at)) return;
  }
}

std::string key_text(const Value& key) {
  return repr(key);
}

}  // namespace

std::int64_t Interpreter::length(const Value& value, const Place& place) {
  const Value& plain = unwrapped(value);
  if (const auto* why = value.get_if<Why>()) need(*why, place);
  const bool container = plain.get_if<List>() != nullptr || plain.get_if<Tuple>() != nullptr ||
                         plain.get_if<Set>() != nullptr || plain.get_if<Dict>() != nullptr;
  if (container) {
    for (const Value& item : items(plain, place)) {
      if (const Why why = may_be_absent(item)) need(why, place);
    }
  }
  std::size_t size = 0;
  if (const auto* text = plain.get_if<std::string>()) {
    size = characters(*text);
  } else if (const auto* bytes = plain.get_if<Bytes>()) {
    size = bytes->data.size();
  } else if (const auto* list = plain.get_if<List>()) {
    size = (*list)->size();
  } else if (const auto* tuple = plain.get_if<Tuple>()) {
    size = tuple->items->size();
  } else if (const auto* dict = plain.get_if<Dict>()) {
    size = (*dict)->size();
  } else if (const auto* set = plain.get_if<Set>()) {
    size = set->items->size();
  } else if (const auto* type = value.get_if<std::shared_ptr<Class>>();
             type != nullptr && (*type)->is_enum) {
    size = (*type)->members.size();
  } else if (is_symbolic(value)) {
    size = items(value, place).size();
  } else if (const auto method = find(value, "__len__", place)) {
    const auto given = as_int(call(*method, {}, place));
    return given ? *given : 0;
  } else {
    raise("TypeError", fmt::format("object of type '{}' has no len()", type_name(value)), place);
  }
  return static_cast<std::int64_t>(size);
}

namespace {
/// Python's index from the end; nothing where it is out of range.
std::optional<std::size_t> position(std::int64_t index, std::size_t size) {
  const auto length = static_cast<std::int64_t>(size);
  if (index < 0) index += length;
  if (index < 0 || index >= length) return std::nullopt;
  return static_cast<std::size_t>(index);
}
}  // namespace

Value Interpreter::subscript(const Value& object, const Value& key, const Place& place) {
  if (const auto* why = object.get_if<Why>()) return derived(*why);
  if (const auto* why = key.get_if<Why>(); why != nullptr && !is_symbolic(object)) {
    return derived(*why);
  }
  try {
    return subscript_known(object, key, place);
  } catch (const Needed& needed) {
    if (needed.frame() != frame_) throw;
    return derived(needed.why());
  }
}

Value Interpreter::subscript_known(const Value& object, const Value& key, const Place& place) {
  if (is_symbolic(object)) {
    if (auto answer = host_.subscript(object, key, place)) return std::move(*answer);
    return std::make_shared<const Operation>(
        Operation{"[]", std::make_shared<Value>(object), std::make_shared<Value>(key), place});
  }
  const Value& plain = unwrapped(object);
  if (const auto* instance = object.get_if<std::shared_ptr<Instance>>();
      instance != nullptr && (*instance)->payload &&
      find_attribute(*(*instance)->type, "__getitem__") != nullptr) {
    const auto own = find(object, "__getitem__", place);
    return call(*own, {{key}, {}}, place);
  }
  if (const auto* dict = plain.get_if<Dict>()) {
    const std::size_t at = find_key(*dict, key, place);
    if (at != npos) return (**dict)[at].second;
    if (const auto* instance = object.get_if<std::shared_ptr<Instance>>()) {
      const Value* factory = (*instance)->own("default_factory");
      if (factory != nullptr && !factory->is_none()) {
        Value made = call(*factory, {}, place);
        set_key(*dict, key, made, place);
        return made;
      }
    }
    raise("KeyError", key, place);
  }
  if (const auto* type = object.get_if<std::shared_ptr<Class>>()) {
    if ((*type)->is_enum) {
      const std::string* name = as_text(key);
      for (const Value& member : (*type)->members) {
        const auto& instance = *member.get_if<std::shared_ptr<Instance>>();
        if (name != nullptr && *instance->own("name")->get_if<std::string>() == *name)
          return member;
      }
      if (const Value* alias = name == nullptr ? nullptr : (*type)->own(*name)) return *alias;
      raise("KeyError", key, place);
    }
    // `list[str]`: a type as an annotation has it.
    if (!(*type)->builtin || !host_.reads_class_bodies()) return object;
    return std::make_shared<const Operation>(
        Operation{"[]", std::make_shared<Value>(object), std::make_shared<Value>(key), place});
  }
  if (const auto method = object.get_if<std::shared_ptr<Instance>>() != nullptr
                              ? find(object, "__getitem__", place)
                              : std::nullopt) {
    Arguments arguments;
    arguments.positional.push_back(key);
    return call(*method, std::move(arguments), place);
  }
  const auto* text = plain.get_if<std::string>();
  const auto* bytes = plain.get_if<Bytes>();
  const auto* list = plain.get_if<List>();
  const auto* tuple = plain.get_if<Tuple>();
  if (text == nullptr && bytes == nullptr && list == nullptr && tuple == nullptr) {
    raise("TypeError", fmt::format("'{}' object is not subscriptable", type_name(object)), place);
  }
  if (is_symbolic(key)) {
    refuse(place, fmt::format("cannot tell the index `{}` without running the app", describe(key)));
  }
  const auto index = as_int(key);
  if (!index) {
    raise("TypeError",
          fmt::format("{} indices must be integers or slices, not {}", type_name(object),
                      type_name(key)),
          place);
  }
  if (list != nullptr || tuple != nullptr) {
    // Where an item is depends on how many there are before it.
    const std::vector<Value>& all = list != nullptr ? **list : *tuple->items;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (*index >= 0 && i > static_cast<std::size_t>(*index)) break;
      if (const Why why = may_be_absent(all[i])) need(why, place);
    }
  }
  const std::size_t size = text != nullptr    ? characters(*text)
                           : bytes != nullptr ? bytes->data.size()
                           : list != nullptr  ? (*list)->size()
                                              : tuple->items->size();
  const auto at = position(*index, size);
  if (!at) {
    raise("IndexError",
          fmt::format("{} index out of range", text != nullptr ? "string" : type_name(object)),
          place);
  }
  if (text != nullptr) return std::string(character_range(*text, *at, *at + 1));
  if (bytes != nullptr)
    return static_cast<std::int64_t>(static_cast<unsigned char>(bytes->data[*at]));
  return list != nullptr ? (**list)[*at] : (*tuple->items)[*at];
}

namespace {

/// A slice's three expressions by their place between the colons.
std::vector<const Node*> slice_parts(const Node& slice) {
  std::vector<const Node*> parts(3, nullptr);
  std::size_t at = 0;
  for (const Node* child : slice.children) {
    if (child->kind == Kind::Token) {
      ++at;
    } else if (at < 3) {
      parts[at] = child;
    }
  }
  return parts;
}

}  // namespace

Value Interpreter::slice(const Value& object, const Node& node) {
  if (const auto* why = object.get_if<Why>()) {
    for (const Node* child : node.children) {
      if (child->field == "subscript" && child->kind != Kind::Token && child->kind != Kind::Slice) {
        evaluate(*child);
      }
    }
    return derived(*why);
  }
  try {
    return slice_known(object, node);
  } catch (const Needed& needed) {
    if (needed.frame() != frame_) throw;
    return derived(needed.why());
  }
}

Value Interpreter::slice_known(const Value& object, const Node& node) {
  std::vector<const Node*> indices;
  bool tuple_key = false;
  for (const Node* child : node.children) {
    if (child->field == "subscript" && child->kind != Kind::Token) indices.push_back(child);
    if (child->kind == Kind::Token && child->type == ",") tuple_key = true;
  }
  if (!tuple_key && indices.front()->kind != Kind::Slice) {
    return subscript(object, evaluate(*indices.front()), place(node));
  }
  if (tuple_key) {
    std::vector<Value> keys;
    for (const Node* index : indices) {
      if (index->kind == Kind::Slice) refuse(place(*index), "several slices are not supported");
      keys.push_back(evaluate(*index));
    }
    return subscript(object, tuple_of(std::move(keys)), place(node));
  }
  if (is_symbolic(object)) {
    if (const Why why = unknown_of(object, place(node))) return derived(why);
    refuse(place(node),
           fmt::format("cannot tell a slice of `{}` without running the app", describe(object)));
  }
  const Value& plain = unwrapped(object);
  const auto* text = plain.get_if<std::string>();
  const auto* bytes = plain.get_if<Bytes>();
  const auto* list = plain.get_if<List>();
  const auto* tuple = plain.get_if<Tuple>();
  if (text == nullptr && bytes == nullptr && list == nullptr && tuple == nullptr) {
    raise("TypeError", fmt::format("'{}' object is not subscriptable", type_name(object)),
          place(node));
  }
  const auto [start, stop, step] = bounds_of(*indices.front(), length(object, place(node)));
  const Range range{start, stop, step};
  if (text != nullptr) {
    charge(text->size(), place(node));
    if (range.step == 1) {
      if (range.start >= range.stop) return std::string();
      return std::string(character_range(*text, static_cast<std::size_t>(range.start),
                                         static_cast<std::size_t>(range.stop)));
    }
    const std::vector<Value> all = items(plain, place(node));
    std::string picked;
    walk(range, [&](std::size_t at) { picked += *all[at].get_if<std::string>(); });
    return picked;
  }
  if (bytes != nullptr) {
    std::string picked;
    walk(range, [&](std::size_t at) { picked += bytes->data[at]; });
    return Bytes{picked};
  }
  const std::vector<Value>& from = list != nullptr ? **list : *tuple->items;
  charge(from.size() * sizeof(Value), place(node));
  std::vector<Value> picked;
  walk(range, [&](std::size_t at) { picked.push_back(from[at]); });
  return list != nullptr ? list_of(std::move(picked)) : tuple_of(std::move(picked));
}

std::tuple<std::int64_t, std::int64_t, std::int64_t> Interpreter::bounds_of(const Node& slice,
                                                                            std::int64_t size) {
  std::int64_t numbers[3] = {0, 0, 1};
  bool given[3] = {false, false, false};
  const auto parts = slice_parts(slice);
  for (std::size_t i = 0; i < 3; ++i) {
    if (parts[i] == nullptr) continue;
    const Value value = evaluate(*parts[i]);
    if (value.is_none()) continue;
    const auto number = as_int(value);
    if (const auto* why = value.get_if<Why>()) need(*why, place(slice));
    if (!number) {
      if (is_symbolic(value)) {
        refuse(place(slice),
               fmt::format("cannot tell the index `{}` without running the app", describe(value)));
      }
      raise("TypeError", "slice indices must be integers or None or have an __index__ method",
            place(slice));
    }
    numbers[i] = *number;
    given[i] = true;
  }
  const std::int64_t step = numbers[2];
  if (step == 0) raise("ValueError", "slice step cannot be zero", place(slice));
  const std::int64_t lowest = step > 0 ? 0 : -1;
  const std::int64_t highest = step > 0 ? size : size - 1;
  const auto clamp = [&](std::int64_t at) {
    if (at < 0) at += size;
    return std::clamp(at, lowest, std::max(lowest, highest));
  };
  const std::int64_t start = given[0] ? clamp(numbers[0]) : (step > 0 ? lowest : highest);
  const std::int64_t stop = given[1] ? clamp(numbers[1]) : (step > 0 ? highest : lowest);
  return {start, stop, step};
}

void Interpreter::set_item(const Value& object, const Value& key, Value value, const Place& place) {
  if (object.unknown() != nullptr) return;
  touched(object, true);
  const Value& plain = unwrapped(object);
  if (const auto* list = plain.get_if<List>(); list != nullptr) {
    if (const auto* why = key.get_if<Why>()) {
      blur(object, 0, *why);
      return;
    }
    // The item is another one now, and their number is the same.
    if (!regions_.empty()) touched(object, false);
  }
  if (const auto* dict = plain.get_if<Dict>()) {
    charge(2 * sizeof(Value), place);
    set_key(*dict, key, std::move(value), place);
    return;
  }
  if (const auto* list = plain.get_if<List>()) {
    const auto index = as_int(key);
    if (!index) {
      if (is_symbolic(key)) {
        refuse(place,
               fmt::format("cannot tell the index `{}` without running the app", describe(key)));
      }
      raise("TypeError", "list indices must be integers or slices, not " + type_name(key), place);
    }
    const auto at = position(*index, (*list)->size());
    if (!at) raise("IndexError", "list assignment index out of range", place);
    (**list)[*at] = std::move(value);
    return;
  }
  if (is_symbolic(object) && unknown_of(object, place)) return;
  if (is_symbolic(object)) {
    refuse(place,
           fmt::format("an assignment to an item of `{}` is not supported", describe(object)));
  }
  if (const auto method = find(object, "__setitem__", place)) {
    Arguments arguments;
    arguments.positional = {key, std::move(value)};
    call(*method, std::move(arguments), place);
    return;
  }
  raise("TypeError", fmt::format("'{}' object does not support item assignment", type_name(object)),
        place);
}

void Interpreter::set_subscript(const Node& target, Value value) {
  const Value object = evaluate(*target.child("value"));
  const Node& index = *target.child("subscript");
  if (index.kind != Kind::Slice) {
    std::vector<Value> keys;
    bool tuple_key = false;
    for (const Node* child : target.children) {
      if (child->kind == Kind::Token && child->type == ",") tuple_key = true;
      if (child->field == "subscript" && child->kind != Kind::Token)
        keys.push_back(evaluate(*child));
    }
    const Value key = tuple_key ? tuple_of(std::move(keys)) : keys.front();
    set_item(object, key, std::move(value), place(target));
    return;
  }
  const auto* list = unwrapped(object).get_if<List>();
  if (object.unknown() != nullptr) return;
  touched(object, false);
  if (list == nullptr) refuse(place(target), "an assignment to this slice is not supported");
  std::vector<Value> given = items(value, place(target));
  auto [start, stop, step] = bounds_of(index, length(object, place(target)));
  if (step != 1) refuse(place(target), "an assignment to a slice with a step is not supported");
  auto& to = **list;
  // An index may have shortened the list.
  start = std::min(start, static_cast<std::int64_t>(to.size()));
  stop = std::min(stop, static_cast<std::int64_t>(to.size()));
  charge(given.size() * sizeof(Value), place(target));
  to.erase(to.begin() + start, to.begin() + std::max(start, stop));
  to.insert(to.begin() + start, given.begin(), given.end());
}

void Interpreter::delete_subscript(const Node& target) {
  const Value object = evaluate(*target.child("value"));
  const Node& index = *target.child("subscript");
  if (object.unknown() != nullptr) return;
  if (is_symbolic(object) && unknown_of(object, place(target))) return;
  touched(object, false);
  const Value& plain = unwrapped(object);
  const auto* list = plain.get_if<List>();
  if (index.kind == Kind::Slice) {
    if (list == nullptr) refuse(place(target), "deleting this slice is not supported");
    auto [start, stop, step] = bounds_of(index, length(object, place(target)));
    start = std::min(start, static_cast<std::int64_t>((*list)->size()));
    stop = std::min(stop, static_cast<std::int64_t>((*list)->size()));
    if (step != 1) refuse(place(target), "deleting a slice with a step is not supported");
    (*list)->erase((*list)->begin() + start, (*list)->begin() + std::max(start, stop));
    return;
  }
  const Value key = evaluate(index);
  if (const auto* dict = plain.get_if<Dict>()) {
    const std::size_t at = find_key(*dict, key, place(target));
    if (at == npos) raise("KeyError", key, place(target));
    (*dict)->erase((*dict)->begin() + static_cast<std::ptrdiff_t>(at));
    return;
  }
  if (list == nullptr && object.get_if<std::shared_ptr<Instance>>() != nullptr) {
    if (const auto method = find(object, "__delitem__", place(target))) {
      call(*method, {{key}, {}}, place(target));
      return;
    }
  }
  const auto number = as_int(key);
  if (list != nullptr && number) {
    const auto at = position(*number, (*list)->size());
    if (!at) raise("IndexError", "list assignment index out of range", place(target));
    (*list)->erase((*list)->begin() + static_cast<std::ptrdiff_t>(*at));
    return;
  }
  refuse(place(target), fmt::format("`del {}` is not supported", key_text(object)));
}

}  // namespace driftd::python

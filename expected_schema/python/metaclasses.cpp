// https://docs.python.org/3/reference/datamodel.html#metaclasses
#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/at_end.h"
#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// The `metaclass=` of the source in a class's brackets, or of the call that made a base.
std::shared_ptr<Class> written_metaclass(const Class& type) {
  const auto as_class = [](const Value& value) -> std::shared_ptr<Class> {
    const auto* found = value.get_if<std::shared_ptr<Class>>();
    return found != nullptr && !(*found)->builtin ? *found : nullptr;
  };
  for (const auto& [name, value] : type.keywords) {
    if (name == "metaclass") return as_class(value);
  }
  for (const Value& base : type.written_bases) {
    const Term* made = base.term();
    const Value* given = made == nullptr ? nullptr : made->arguments.find("metaclass");
    if (given != nullptr) return as_class(*given);
  }
  return nullptr;
}

std::shared_ptr<Class> metaclass_of(const Class& type) {
  if (auto own = written_metaclass(type)) return own;
  for (const auto& base : type.line) {
    if (auto inherited = written_metaclass(*base)) return inherited;
  }
  return nullptr;
}

}  // namespace

/// One that is not understood leaves the class as its statement says: by_metaclass tells.
void Interpreter::make_by_metaclass(const std::shared_ptr<Class>& type, const Place& place) {
  const auto metaclass = host_.reads_class_bodies() ? metaclass_of(*type) : nullptr;
  if (!metaclass || !type->poisoned.empty()) return;
  const auto has = [&](std::string_view name) {
    return find_attribute(*metaclass, name) != nullptr;
  };
  if (has("__call__") || has("__prepare__") || (!has("__new__") && !has("__init__"))) return;
  const auto name = type->name;
  const auto attributes = type->attributes;
  const auto restore = [&] {
    type->name = name;
    type->attributes = attributes;
  };
  making_.push_back({type, metaclass, std::nullopt});
  const AtEnd end([&] { making_.pop_back(); });
  try {
    run_metaclass(type, metaclass, place);
    type->by_metaclass = true;
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood || steps_ > bounds_.steps) throw;
    restore();
  } catch (const Raised&) {
    restore();
  }
}

void Interpreter::run_metaclass(const std::shared_ptr<Class>& type,
                                const std::shared_ptr<Class>& metaclass, const Place& place) {
  auto attributes = std::make_shared<Dict::element_type>();
  attributes->emplace_back(Value(std::string("__module__")), Value(type->module->name));
  attributes->emplace_back(Value(std::string("__qualname__")), Value(type->name));
  for (const auto& [name, value] : type->attributes) attributes->emplace_back(Value(name), value);
  Arguments given;
  given.positional = {metaclass, type->name, tuple_of(type->written_bases), Value(attributes)};
  for (const auto& [name, value] : type->keywords) {
    if (name != "metaclass") given.keyword.emplace_back(name, value);
  }
  if (const Value* found = find_attribute(*metaclass, "__new__")) {
    const Value maker = *found;
    const Value made = call(maker, given, place);
    const auto* itself = made.get_if<std::shared_ptr<Class>>();
    if (itself == nullptr || *itself != type) {
      refuse(place, fmt::format("the metaclass {} does not give the class `{}` itself",
                                metaclass->name, type->name));
    }
  }
  const Value* found = find_attribute(*metaclass, "__init__");
  if (found == nullptr) return;
  const Value init = *found;
  given.positional.front() = type;
  call(init, given, place);
  if (!is_opaque(*metaclass)) return;
  const auto& taken = making_.back().taken;
  if (!taken) refuse(place, "a metaclass that does not call the library's is not supported");
  for (const char* name : {"__tablename__", "__table__", "__table_args__", "__abstract__"}) {
    const auto before = std::ranges::find(*taken, name, &std::pair<std::string, Value>::first);
    const Value* after = type->own(name);
    const bool same = before == taken->end()
                          ? after == nullptr
                          : after != nullptr && repr(before->second) == repr(*after);
    if (!same) refuse(place, fmt::format("`{}` is set when the class is mapped already", name));
  }
}

/// `super().__new__(cls, name, bases, attributes)` of a metaclass, and its `__init__`.
std::optional<Value> Interpreter::metaclass_super(const Class& within, const std::string& name) {
  if (making_.empty() || (name != "__new__" && name != "__init__")) return std::nullopt;
  const auto type = making_.back().type;
  const auto metaclass = making_.back().metaclass;
  if (&within != metaclass.get() && std::ranges::none_of(metaclass->line, [&](const auto& base) {
        return base.get() == &within;
      })) {
    return std::nullopt;
  }
  bool behind = &within == metaclass.get();
  for (const auto& base : metaclass->line) {
    if (behind && base->own(name) != nullptr) return std::nullopt;
    behind = behind || base.get() == &within;
  }
  if (name == "__init__") {
    return native(name, [type](Interpreter& it, Arguments, const Place&) -> Value {
      if (!it.making_.empty()) it.making_.back().taken = type->attributes;
      return {};
    });
  }
  return native(name, [type](Interpreter& it, Arguments given, const Place& at) -> Value {
    const auto* attributes =
        given.positional.size() == 4 ? given.positional[3].get_if<Dict>() : nullptr;
    const auto* named = attributes == nullptr ? nullptr : as_text(given.positional[1]);
    if (named == nullptr) refuse(at, "a class made by a metaclass in this way is not supported");
    const std::vector<Value> bases = it.items(given.positional[2], at);
    const auto same = [](const Value& a, const Value& b) {
      const auto* one = a.get_if<std::shared_ptr<Class>>();
      const auto* other = b.get_if<std::shared_ptr<Class>>();
      if (one != nullptr && other != nullptr) return *one == *other;
      return a.storage().index() == b.storage().index() && repr(a) == repr(b);
    };
    if (!std::ranges::equal(bases, type->written_bases, same)) {
      refuse(at, "a metaclass that gives a class other bases is not supported");
    }
    type->name = *named;
    type->attributes.clear();
    for (const auto& [key, value] : **attributes) {
      const std::string* attribute = as_text(key);
      if (attribute == nullptr) refuse(at, "a class with such an attribute is not supported");
      if (*attribute != "__module__" && *attribute != "__qualname__") type->set(*attribute, value);
    }
    return type;
  });
}

}  // namespace driftd::python

// https://docs.python.org/3/howto/descriptor.html, and what `dir()` lists
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// The method of the class of an attribute; null where the attribute is no object of such a class.
const Value* method_of(const Value& found, const char* name) {
  const auto* instance = found.get_if<std::shared_ptr<Instance>>();
  if (instance == nullptr || (*instance)->type->is_enum) return nullptr;
  return find_attribute(*(*instance)->type, name);
}

Value bound_to(const Value& method, const Value& self) {
  const auto* function = method.get_if<std::shared_ptr<Function>>();
  if (function == nullptr || (*function)->binds != Function::Binds::Instance) return method;
  auto made = make_function(**function);
  made->self = self;
  return made;
}

void add_names(const Class& type, std::set<std::string>& names) {
  for (const auto& [name, value] : type.attributes) names.insert(name);
  for (const auto& [name, why] : type.poisoned) names.insert(name);
}

constexpr const char* of_every_object[] = {
    "__class__",        "__delattr__", "__dict__",    "__dir__",           "__doc__",
    "__eq__",           "__format__",  "__ge__",      "__getattribute__",  "__getstate__",
    "__gt__",           "__hash__",    "__init__",    "__init_subclass__", "__le__",
    "__lt__",           "__module__",  "__ne__",      "__new__",           "__reduce__",
    "__reduce_ex__",    "__repr__",    "__setattr__", "__sizeof__",        "__str__",
    "__subclasshook__", "__weakref__"};

}  // namespace

bool Interpreter::is_property(const Class& type) const {
  return is_subclass(type, *builtin_class("property"));
}

Value Interpreter::property_object(const std::shared_ptr<Instance>& made, const Arguments& given) {
  static constexpr const char* names[] = {"fget", "fset", "fdel", "doc"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const Value* value = given.find(names[i]);
    if (value == nullptr && i < given.positional.size()) value = &given.positional[i];
    made->set(names[i], value == nullptr ? Value() : *value);
  }
  return made;
}

Value Interpreter::property_of(const Arguments& arguments, const Place& place) {
  const Value* getter = arguments.find("fget");
  if (getter != nullptr && getter->get_if<std::shared_ptr<Function>>() != nullptr) {
    return decorate(*getter, builtin("property"), place);
  }
  if ((getter != nullptr && !getter->is_none()) || !arguments.positional.empty()) {
    refuse(place, "`property` of what is no function is not supported");
  }
  // One that can only be set.
  Value made = native("property", [](Interpreter& it, Arguments, const Place& at) -> Value {
    it.raise("AttributeError", std::string("property has no getter"), at);
  });
  (*made.get_if<std::shared_ptr<Function>>())->binds = Function::Binds::Property;
  return made;
}

std::optional<Value> Interpreter::described(const Value& found, const Value& object,
                                            const std::shared_ptr<Class>& type,
                                            const Place& place) {
  const auto* attribute = found.get_if<std::shared_ptr<Instance>>();
  if (attribute == nullptr || (*attribute)->type->is_enum) return std::nullopt;
  if (const Value* get = method_of(found, "__get__")) {
    const Deeper deeper(*this, place);
    return call(bound_to(*get, found), {{object, type}, {}}, place);
  }
  if (!is_property(*(*attribute)->type)) return std::nullopt;
  if (object.is_none()) return found;
  return call(this->attribute(found, "fget", place), {{object}, {}}, place);
}

bool Interpreter::takes_set(const Value& found, const Value& object, const Value& value,
                            const Place& place) {
  const auto* attribute = found.get_if<std::shared_ptr<Instance>>();
  if (attribute == nullptr) return false;
  if (const Value* set = method_of(found, "__set__")) {
    call(bound_to(*set, found), {{object, value}, {}}, place);
    return true;
  }
  if (!is_property(*(*attribute)->type)) return false;
  refuse(place, "the assignment to a property is not supported");
}

bool Interpreter::takes_delete(const Value& object, const std::string& name, const Place& place) {
  const auto& instance = *object.get_if<std::shared_ptr<Instance>>();
  const Value* found = find_attribute(*instance->type, name);
  const Value* deleted = found == nullptr ? nullptr : method_of(*found, "__delete__");
  if (deleted == nullptr) return false;
  call(bound_to(*deleted, *found), {{object}, {}}, place);
  return true;
}

void Interpreter::name_descriptors(const std::shared_ptr<Class>& type) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, Value>>(type->attributes)) {
    const Value* told = method_of(value, "__set_name__");
    if (told == nullptr) continue;
    try {
      call(bound_to(*told, value), {{type, name}, {}}, type->place);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood || steps_ > bounds_.steps) throw;
      type->poisoned[name] = std::make_shared<const Error>(error);
    }
  }
}

std::optional<Value> Interpreter::descriptor_of(const std::shared_ptr<Function>& function,
                                                const std::string& name) {
  if (name == "__func__" && (function->self || function->binds != Function::Binds::Instance)) {
    auto bare = make_function(*function);
    bare->self.reset();
    bare->binds = Function::Binds::Instance;
    return Value(bare);
  }
  if (name != "__get__" || function->binds == Function::Binds::Property) return std::nullopt;
  return native(name, [function](Interpreter& it, Arguments given, const Place& at) -> Value {
    if (given.positional.empty()) it.raise("TypeError", "__get__ expected an object", at);
    Value self = given.positional.front();
    if (function->binds == Function::Binds::Class) {
      const bool typed = given.positional.size() > 1 && !given.positional[1].is_none();
      self = typed ? given.positional[1] : it.call(it.builtin("type"), {{self}, {}}, at);
    }
    if (self.is_none() || function->self || function->binds == Function::Binds::Nothing) {
      return function;
    }
    auto made = make_function(*function);
    made->self = self;
    return made;
  });
}

std::vector<std::string> Interpreter::names_of(const Value& object, const Place& place) {
  std::set<std::string> names;
  const auto of_class = [&](const Class& type) {
    add_names(type, names);
    for (const auto& base : type.line) add_names(*base, names);
    names.insert(std::begin(of_every_object), std::end(of_every_object));
    std::vector<const Class*> all{&type};
    for (const auto& base : type.line) all.push_back(base.get());
    for (const Class* one : all) {
      const bool unknown = one->builtin && one->name != "object";
      if (unknown) refuse(place, fmt::format("`dir()` of a `{}` is not supported", one->name));
      for (const Value& base : one->written_bases) {
        if (!is_symbolic(base) && base.unknown() == nullptr) continue;
        const auto more = host_.names_within(base);
        if (!more) {
          refuse(place, fmt::format("cannot tell the attributes of `{}`, which inherits from `{}`",
                                    type.name, describe(base)));
        }
        names.insert(more->begin(), more->end());
      }
    }
  };
  if (const auto* type = object.get_if<std::shared_ptr<Class>>()) {
    of_class(**type);
  } else if (const auto* instance = object.get_if<std::shared_ptr<Instance>>()) {
    of_class(*(*instance)->type);
    for (const auto& [name, value] : (*instance)->attributes) names.insert(name);
  } else if (const auto* module = object.get_if<std::shared_ptr<Module>>();
             module != nullptr && (*module)->scope->star_imports.empty()) {
    for (const auto& [name, binding] : (*module)->scope->names) names.insert(name);
  } else {
    refuse(place, fmt::format("`dir()` of `{}` is not supported", describe(object)));
  }
  return {names.begin(), names.end()};
}

bool Interpreter::is_absent(const Class& type, const std::string& name) {
  if (!host_.reads_class_bodies() || name.starts_with("__")) return false;
  const auto has_none = [&](const Class& one) {
    const bool annotated = std::ranges::any_of(
        one.annotations, [&](const auto& written) { return written.first == name; });
    const bool known_metaclass = std::ranges::all_of(one.keywords, [](const auto& keyword) {
      return keyword.first != "metaclass" || keyword.second.template get_if<Symbol>() != nullptr;
    });
    return !annotated && known_metaclass && one.poisoned.find(name) == one.poisoned.end() &&
           std::ranges::all_of(one.written_bases, [&](const Value& base) {
             if (base.unknown() != nullptr) return false;
             if (!is_symbolic(base)) return true;
             const auto names = host_.names_within(base);
             return names && std::ranges::find(*names, name) == names->end();
           });
  };
  return has_none(type) &&
         std::ranges::all_of(type.line, [&](const auto& base) { return has_none(*base); });
}

/// A copy, since that of a class cannot be changed. A library that maps the class puts into it what
/// its mixins declare, too.
Value Interpreter::attributes_of(const Value& object, const Place& place) {
  const auto* found = object.get_if<std::shared_ptr<Class>>();
  if (found == nullptr || (*found)->builtin || (*found)->is_enum) {
    refuse(place,
           fmt::format("the attributes of `{}` as a dict are not supported", describe(object)));
  }
  const Class& type = **found;
  if (!type.poisoned.empty()) throw Error(*type.poisoned.begin()->second);
  auto all = std::make_shared<Dict::element_type>();
  const auto add = [&](const std::string& name, const Value& value) {
    const bool there = std::ranges::any_of(*all, [&](const auto& one) {
      const auto* key = one.first.template get_if<std::string>();
      return key != nullptr && *key == name;
    });
    if (!there) all->emplace_back(Value(name), value);
  };
  add("__module__", type.module ? Value(type.module->name) : Value());
  for (const auto& [name, value] : type.attributes) add(name, value);
  if (is_opaque(type)) {
    for (const auto& base : type.line) {
      for (const auto& [name, value] : base->attributes) {
        if (is_symbolic(value) && !is_opaque(*base)) add(name, value);
      }
    }
  }
  charge(all->size() * 2 * sizeof(Value), place);
  return Value(all);
}

}  // namespace driftd::python

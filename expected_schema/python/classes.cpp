#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// A docstring. That of several lines depends on the version of Python: 3.13 takes its indentation
/// away.
Value documentation(Interpreter& it, const Tree& tree, const Node& body, Kind kind,
                    const Place& place) {
  if (kind == Kind::Lambda) return {};
  const std::vector<const Node*> statements = body.named();
  if (statements.empty() || statements.front()->kind != Kind::ExpressionStatement) return {};
  const Kind first = statements.front()->children.front()->kind;
  if (first != Kind::String && first != Kind::ConcatenatedString) return {};
  const std::string_view written = tree.text(*statements.front()->children.front());
  const std::size_t open = written.find_first_of("\"'");
  const bool plain = first == Kind::String && open == 0 &&
                     written.find_first_of("\\\n\t") == std::string_view::npos;
  const std::size_t quotes = written.starts_with("\"\"\"") || written.starts_with("'''") ? 3 : 1;
  if (plain && written.size() > 2 * quotes && written[quotes] != ' ') {
    it.charge(written.size(), place);
    return std::string(written.substr(quotes, written.size() - 2 * quotes));
  }
  return unknown("the text of a docstring", place);
}

/// `object.__new__(cls)`, `str.__new__(cls, text)`.
Value bare_maker(const std::shared_ptr<Class>& builtin) {
  return native("__new__", [builtin](Interpreter& it, Arguments given, const Place& place) {
    const auto* type = given.positional.empty()
                           ? nullptr
                           : given.positional.front().get_if<std::shared_ptr<Class>>();
    if (type == nullptr || (*type)->builtin)
      refuse(place, "this use of `__new__` is not supported");
    it.charge(sizeof(Instance), place);
    const auto made = it.make_instance(*type);
    if (builtin->construct) {
      given.positional.erase(given.positional.begin());
      made->payload = builtin->construct(it, std::move(given), place);
    }
    return Value(made);
  });
}

Value bound(const Value& found, const Value& self) {
  const auto* function = found.get_if<std::shared_ptr<Function>>();
  if (function == nullptr || (*function)->self) return found;
  if ((*function)->binds == Function::Binds::Nothing) return found;
  auto method = make_function(**function);
  method->self = self;
  return method;
}

}  // namespace

bool is_special(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

Value Interpreter::instantiate(const std::shared_ptr<Class>& type, Arguments arguments,
                               const Place& place) {
  if (!type->refusal.empty()) {
    refuse(place, fmt::format("cannot make a `{}`: {}", type->name, type->refusal));
  }
  if (type->construct) {
    return call_native(type->name, type->construct, std::move(arguments), place);
  }
  if (type->is_enum) {
    if (arguments.positional.size() != 1) {
      refuse(place, "an enum made by a call is not supported", "Write the enum as a class.");
    }
    for (const Value& member : type->members) {
      const auto& instance = *member.get_if<std::shared_ptr<Instance>>();
      if (equal(member, arguments.positional[0], place) == true ||
          equal(*instance->own("value"), arguments.positional[0], place) == true) {
        return member;
      }
    }
    if (const Why why = unknown_in(arguments.positional[0])) return derived(why);
    for (const Value& member : type->members) {
      const auto& instance = *member.get_if<std::shared_ptr<Instance>>();
      if (const Why why = unknown_in(*instance->own("value"))) return derived(why);
    }
    raise("ValueError",
          fmt::format("{} is not a valid {}", repr(arguments.positional[0]), type->name), place);
  }
  if (is_opaque(*type)) {
    const Term term{type->name, std::make_shared<Value>(type), std::move(arguments), place};
    if (auto answer = host_.call(evaluator_, term)) return std::move(*answer);
    refuse(place,
           fmt::format("cannot make a `{}`: it inherits from a library's class", type->name));
  }
  charge(sizeof(Instance), place);
  const bool exception = is_subclass(*type, *builtin_class("BaseException"));
  if (const Value* maker = find_attribute(*type, "__new__")) {
    if (exception) refuse(place, "an exception with a `__new__` is not supported");
    Arguments all = arguments;
    all.positional.insert(all.positional.begin(), type);
    const Value found = *maker;
    const Value object = call(found, std::move(all), place);
    const auto* instance = object.get_if<std::shared_ptr<Instance>>();
    if (instance == nullptr || !is_subclass(*(*instance)->type, *type)) return object;
    if (const Value* init = find_attribute(*type, "__init__")) {
      call(bound(*init, object), std::move(arguments), place);
    }
    return object;
  }
  if (is_property(*type) && find_attribute(*type, "__init__") == nullptr) {
    return property_object(make_instance(type), arguments);
  }
  const auto made = make_instance(type);
  if (exception) {
    made->payload = tuple_of(arguments.positional);
    made->set("args", *made->payload);
  }
  if (const Value* init = find_attribute(*type, "__init__")) {
    for (const char* builtin : {"list", "dict", "set"}) {
      const auto base = builtin_class(builtin);
      if (is_subclass(*type, *base)) made->payload = base->construct(*this, {}, place);
    }
    call(bound(*init, made), std::move(arguments), place);
  } else if (!exception) {
    for (const char* builtin : {"str", "int", "float", "list", "dict", "set", "tuple"}) {
      const auto base = builtin_class(builtin);
      if (!is_subclass(*type, *base)) continue;
      made->payload = base->construct(*this, std::move(arguments), place);
      return made;
    }
    if (!arguments.positional.empty() || !arguments.keyword.empty()) {
      raise("TypeError", fmt::format("{}() takes no arguments", type->name), place);
    }
  }
  return made;
}

Value Interpreter::bind_method(const Value& found, const Value& self, const Place& place) {
  const auto* function = found.get_if<std::shared_ptr<Function>>();
  if (function == nullptr) return found;
  const auto* instance = self.get_if<std::shared_ptr<Instance>>();
  if ((*function)->binds == Function::Binds::Property) return call(bound(found, self), {}, place);
  if ((*function)->binds == Function::Binds::Class && instance != nullptr) {
    return bound(found, (*instance)->type);
  }
  return bound(found, self);
}

std::optional<Value> Interpreter::find_in_class(const std::shared_ptr<Class>& type,
                                                const std::string& name) {
  if (name == "__name__" || name == "__qualname__") return Value(type->name);
  if (name == "__doc__" && type->statements != nullptr && type->own(name) == nullptr) {
    return documentation(*this, *type->module->tree, *type->statements, Kind::ClassDefinition,
                         type->place);
  }
  if (name == "__members__" && type->is_enum) {
    const Value made = dict_of({});
    for (const Value& member : type->members) {
      const auto& instance = *member.get_if<std::shared_ptr<Instance>>();
      (*made.get_if<Dict>())->emplace_back(*instance->own("name"), member);
    }
    return made;
  }
  if (const auto poison = poisoned_attribute(*type, name)) throw Error(*poison);
  if (const Value* found = find_attribute(*type, name)) {
    const auto* function = found->get_if<std::shared_ptr<Function>>();
    if (function != nullptr && (*function)->binds == Function::Binds::Class) {
      return bound(*found, type);
    }
    if (auto given = described(*found, Value(), type, here_)) return given;
    return *found;
  }
  if (name == "__new__" && type->builtin) return bare_maker(type);
  // `str.upper`: the method with its object still to come
  if (is_opaque(*type) && !is_python_attribute(name)) return std::nullopt;
  for (const char* builtin : {"str", "list", "dict", "set", "tuple", "int"}) {
    if (!is_subclass(*type, *builtin_class(builtin))) continue;
    if (std::string_view(builtin) == "dict" && name == "fromkeys") {
      return native(name, [](Interpreter& it, Arguments arguments, const Place& place) {
        const Value made = dict_of({});
        if (arguments.positional.empty())
          it.raise("TypeError", "fromkeys expected 1 argument", place);
        const Value value = arguments.positional.size() > 1 ? arguments.positional[1] : Value();
        for (Value& key : it.items(arguments.positional[0], place)) {
          it.set_key(*made.get_if<Dict>(), std::move(key), value, place);
        }
        return made;
      });
    }
    return native(name, [name](Interpreter& it, Arguments arguments, const Place& place) -> Value {
      if (arguments.positional.empty()) it.raise("TypeError", "the method needs an object", place);
      Value self = arguments.positional.front();
      arguments.positional.erase(arguments.positional.begin());
      // The builtin's own, whatever a class that inherits from it makes of the method.
      const auto* instance = self.get_if<std::shared_ptr<Instance>>();
      const bool overridden = instance != nullptr && (*instance)->payload &&
                              find_attribute(*(*instance)->type, name) != nullptr;
      if (overridden) self = Value(*(*instance)->payload);
      if (name == "__init__") {
        it.fill(self, arguments, place);
        return {};
      }
      if (name == "__getitem__" && arguments.positional.size() == 1) {
        return it.subscript(self, arguments.positional.front(), place);
      }
      return it.call_method(self, name, std::move(arguments), place);
    });
  }
  return std::nullopt;
}

std::optional<Value> Interpreter::find_in_instance(const std::shared_ptr<Instance>& instance,
                                                   const std::string& name, const Place& place) {
  if (const Value* own = instance->own(name)) return *own;
  if (name == "__class__") return Value(instance->type);
  if (const Value* found = find_attribute(*instance->type, name)) {
    const auto* function = found->get_if<std::shared_ptr<Function>>();
    if (function == nullptr) {
      const auto given = described(*found, instance, instance->type, place);
      return given ? given : *found;
    }
    switch ((*function)->binds) {
      case Function::Binds::Class:
        return bound(*found, instance->type);
      case Function::Binds::Property: {
        const Value getter = bound(*found, instance);
        return call(getter, {}, place);
      }
      default:
        return bound(*found, instance);
    }
  }
  if (instance->type->is_enum) {
    // What an enum's own `__new__` or `__init__` makes of its members is not known.
    const Value* made = instance->own("value");
    if (made != nullptr && made->unknown() != nullptr) return *made;
  }
  const bool exception = is_subclass(*instance->type, *builtin_class("BaseException"));
  static const std::set<std::string, std::less<>> of_all = {
      "__dict__",    "__doc__",       "__module__",     "__cause__",
      "__context__", "__traceback__", "with_traceback", "add_note"};
  if (of_all.contains(name)) {
    refuse(place, fmt::format("the attribute `{}` is not supported", name));
  }
  if (is_opaque(*instance->type)) {
    return unknown(fmt::format("the attribute {} of a library's class", name), place);
  }
  if (exception || !instance->payload) return std::nullopt;
  return find(*instance->payload, name, place);
}

namespace {
/// `text.startswith(...)` of a text of which the beginning is known.
Value partly_known_start(const Why& why) {
  return native("startswith of a text known in part",
                [why](Interpreter& it, Arguments arguments, const Place& place) -> Value {
                  const std::string known = why->text->substr(0, why->text->find("$1"));
                  std::vector<Value> asked = arguments.positional;
                  if (!asked.empty() && asked[0].get_if<Tuple>() != nullptr)
                    asked = it.items(asked[0], place);
                  bool unsure = false;
                  for (const Value& one : asked) {
                    const std::string* text = as_text(one);
                    if (text != nullptr && known.starts_with(*text)) return true;
                    unsure = unsure || text == nullptr || text->starts_with(known);
                  }
                  return unsure ? derived(why) : Value(false);
                });
}
}  // namespace

std::optional<Value> Interpreter::find(const Value& object, const std::string& name,
                                       const Place& place) {
  const Deeper deeper(*this, place);
  if (const auto* why = object.get_if<Why>()) {
    if (name == "startswith" && (*why)->text) return partly_known_start(*why);
    return derived(*why);
  }
  if (const auto* symbol = object.get_if<Symbol>()) {
    const std::string path = symbol->path + "." + name;
    if (auto constant = library_constant(path)) return constant;
    if (const auto loaded = modules_.find(path); loaded != modules_.end()) return loaded->second;
    if (auto answer = host_.attribute(object, name, place)) return answer;
    return Symbol{path};
  }
  if (is_symbolic(object)) {
    if (auto answer = host_.attribute(object, name, place)) return answer;
    charge(sizeof(Attribute), place);
    return std::make_shared<const Attribute>(Attribute{std::make_shared<Value>(object), name});
  }
  if (const auto* instance = object.get_if<std::shared_ptr<Instance>>()) {
    return find_in_instance(*instance, name, place);
  }
  if (const auto* type = object.get_if<std::shared_ptr<Class>>()) {
    auto found = find_in_class(*type, name);
    if (found && is_symbolic(*found) && host_.reads_class_bodies()) {
      if (auto answer = host_.class_attribute(evaluator_, object, name, *found, place))
        return answer;
    }
    if (!found && name == "__table__" && !(*type)->builtin && host_.reads_class_bodies()) {
      if (auto answer = host_.attribute(object, name, place)) return answer;
    }
    if (!found && name == "__dict__" && host_.reads_class_bodies()) {
      return attributes_of(object, place);
    }
    if (!found && is_opaque(**type) && is_absent(**type, name)) return std::nullopt;
    if (!found && is_opaque(**type)) {
      if (auto answer = host_.attribute(object, name, place)) return answer;
      refuse(place, fmt::format("cannot tell `{}.{}`: the class inherits from a library's class",
                                (*type)->name, name));
    }
    return found;
  }
  if (const auto* module = object.get_if<std::shared_ptr<Module>>()) {
    const auto& names = (*module)->scope->names;
    if (const auto found = names.find(name); found != names.end()) {
      if (found->second.poison) throw Error(*found->second.poison);
      return found->second.value;
    }
    const std::string path = (*module)->name + "." + name;
    if (const auto loaded = modules_.find(path); loaded != modules_.end()) return loaded->second;
    // Something else of the application may have imported it, for which Python keeps it here.
    if ((*module)->file.ends_with("/__init__.py")) {
      if (const auto inner = this->module(path, place)) return inner;
    }
    if (!(*module)->scope->star_imports.empty()) {
      refuse(place, fmt::format("cannot tell where `{}` gets its name `{}` from: it has `import *`",
                                (*module)->name, name));
    }
    return std::nullopt;
  }
  if (const auto* function = object.get_if<std::shared_ptr<Function>>()) {
    if (name == "__name__" || name == "__qualname__") return Value((*function)->name);
    if (auto own = descriptor_of(*function, name)) return own;
    const bool called = (*function)->binds == Function::Binds::Instance || (*function)->self;
    if (name == "__call__" && called && (*function)->refusal.empty()) return object;
    if (name == "__doc__" && (*function)->node != nullptr) {
      return documentation(*this, *(*function)->module->tree, *(*function)->node->child("body"),
                           (*function)->node->kind, place);
    }
    // `@x.setter` of what a library's decorator, such as hybrid_property, has made of `x`.
    static const std::set<std::string, std::less<>> more = {
        "setter", "deleter", "getter", "expression", "comparator", "inplace", "update_expression"};
    if (!(*function)->refusal.empty() && more.contains(name)) {
      if (name == "inplace") return object;
      return native(name, [object](Interpreter&, Arguments, const Place&) { return object; });
    }
    if ((*function)->binds == Function::Binds::Property &&
        (name == "setter" || name == "deleter" || name == "getter")) {
      // A property with another setter reads as before; one with another getter by that.
      return native(
          name, [property = *function, name](Interpreter& it, Arguments given, const Place& at) {
            if (name == "deleter" || given.positional.empty()) return Value(property);
            const Value& other = given.positional.front();
            const Value read =
                name == "getter" ? it.decorate(other, it.builtin("property"), at) : Value(property);
            const auto* made = read.get_if<std::shared_ptr<Function>>();
            if (made == nullptr) return read;
            auto changed = make_function(**made);
            changed->setter = name == "setter" ? std::optional(other) : property->setter;
            return Value(changed);
          });
    }
    if ((*function)->attributes) {
      const auto own = (*function)->attributes->find(name);
      if (own != (*function)->attributes->end()) return own->second;
    }
    // A plain function of the source has no other attributes than these and Python's own.
    const bool plain = (*function)->node != nullptr && (*function)->refusal.empty() &&
                       (*function)->binds != Function::Binds::Property;
    if (plain && (!is_special(name) || name == "__func__" || name == "__self__")) {
      return std::nullopt;
    }
    refuse(place, fmt::format("the attribute `{}` of a function is not supported", name));
  }
  std::optional<Native> method =
      object.get_if<std::string>() != nullptr ? str_method(name) : collection_method(object, name);
  if (!method) {
    if (is_python_attribute(name)) {
      refuse(place, fmt::format("`{}` of a `{}` is not supported", name, type_name(object)));
    }
    return std::nullopt;
  }
  auto made = make_function();
  made->name = name;
  made->native = std::move(*method);
  made->self = object;
  return made;
}

Value Interpreter::attribute(const Value& object, const std::string& name, const Place& place) {
  if (auto found = find(object, name, place)) return std::move(*found);
  if (const auto* type = object.get_if<std::shared_ptr<Class>>();
      type != nullptr && (*type)->builtin && (*type)->name == "object" && name == "__setattr__") {
    return native(name, [](Interpreter& it, Arguments given, const Place& at) -> Value {
      const auto* to = given.positional.size() == 3 ? as_text(given.positional[1]) : nullptr;
      if (to == nullptr) it.raise("TypeError", "expected 2 arguments", at);
      it.set_attribute(given.positional[0], *to, given.positional[2], at);
      return None{};
    });
  }
  const bool collection = object.get_if<std::string>() != nullptr ||
                          object.get_if<List>() != nullptr || object.get_if<Tuple>() != nullptr ||
                          object.get_if<Dict>() != nullptr || object.get_if<Set>() != nullptr;
  if (name == "__class__" && collection) return call(builtin("type"), {{object}, {}}, place);
  if (is_special(name)) {
    refuse(place, fmt::format("`{}` of a `{}` is not supported", name, type_name(object)));
  }
  if (const auto* type = object.get_if<std::shared_ptr<Class>>()) {
    raise("AttributeError",
          fmt::format("type object '{}' has no attribute '{}'", (*type)->name, name), place);
  }
  if (const auto* module = object.get_if<std::shared_ptr<Module>>()) {
    raise("AttributeError", fmt::format("module '{}' has no attribute '{}'", (*module)->name, name),
          place);
  }
  raise("AttributeError", fmt::format("'{}' object has no attribute '{}'", type_name(object), name),
        place);
}

void Interpreter::set_attribute(const Value& object, const std::string& name, Value value,
                                const Place& place) {
  charge(sizeof(Value), place);
  if (object.unknown() != nullptr) return;
  touched_attribute(object, name);
  if (const auto* instance = object.get_if<std::shared_ptr<Instance>>()) {
    const Value* shared = find_attribute(*(*instance)->type, name);
    const auto* getter = shared == nullptr ? nullptr : shared->get_if<std::shared_ptr<Function>>();
    if (getter != nullptr && (*getter)->binds == Function::Binds::Property) {
      const auto* setter =
          (*getter)->setter ? (*getter)->setter->get_if<std::shared_ptr<Function>>() : nullptr;
      if (setter != nullptr) {
        call(*setter, {{object, std::move(value)}, {}}, place);
        return;
      }
      refuse(place, fmt::format("the assignment to the property `{}` is not supported", name));
    }
    if (shared != nullptr && takes_set(Value(*shared), object, value, place)) return;
    (*instance)->set(name, std::move(value));
  } else if (const auto* type = object.get_if<std::shared_ptr<Class>>();
             type != nullptr && !(*type)->builtin) {
    (*type)->set(name, std::move(value));
  } else if (const auto* module = object.get_if<std::shared_ptr<Module>>()) {
    (*module)->scope->names[name] = {std::move(value), place, nullptr};
  } else if (object.get_if<std::shared_ptr<Function>>() != nullptr && is_special(name)) {
    return;  // what a function is called
  } else if (const auto* function = object.get_if<std::shared_ptr<Function>>();
             function != nullptr && (*function)->node != nullptr && !(*function)->self) {
    auto& attributes = (*function)->attributes;
    if (!attributes) attributes = std::make_shared<std::map<std::string, Value>>();
    (*attributes)[name] = std::move(value);
  } else if (is_symbolic(object) && host_.takes_assignment(object, name, value)) {
    return;
  } else if (is_symbolic(object)) {
    refuse(place, fmt::format("the assignment to `{}.{}` changes what driftd does not evaluate",
                              describe(object), name));
  } else {
    raise("AttributeError",
          fmt::format("'{}' object has no attribute '{}'", type_name(object), name), place);
  }
}

bool Interpreter::is_instance(const Value& value, const Value& type, const Place& place) {
  if (const auto* tuple = type.get_if<Tuple>()) {
    return std::any_of(tuple->items->begin(), tuple->items->end(),
                       [&](const Value& one) { return is_instance(value, one, place); });
  }
  const auto* known = type.get_if<std::shared_ptr<Class>>();
  const auto* instance = value.get_if<std::shared_ptr<Instance>>();
  if (is_symbolic(value) || (is_symbolic(type) && instance && is_opaque(*(*instance)->type))) {
    const Term question{"builtins.isinstance", nullptr, {{value, type}, {}}, place};
    const Value asked = std::make_shared<const Term>(question);
    if (const auto answer = host_.truth(asked, place)) return *answer;
    if (const Why why = unknown_of(value, place)) need(why, place);
    refuse(place, fmt::format("cannot tell whether `{}` is a `{}` without running the app",
                              describe(value), describe(type)));
  }
  if (known == nullptr) {
    if (!is_symbolic(type)) {
      raise("TypeError", "isinstance() arg 2 must be a type or tuple of types", place);
    }
    const auto* symbol = type.get_if<Symbol>();
    for (const std::string_view open : {"collections.", "typing.", "numbers.", "types.", "abc."}) {
      if (symbol != nullptr && !symbol->path.starts_with(open)) continue;
      refuse(place,
             fmt::format("cannot tell whether `{}` is a `{}`", describe(value), describe(type)));
    }
    return false;  // what the source makes itself is nothing of a library's
  }
  if ((*known)->name == "object" && (*known)->builtin) return true;
  if (instance != nullptr) return is_subclass(*(*instance)->type, **known);
  if (!(*known)->builtin) return false;
  const std::string name = type_name(value);
  return (*known)->name == name || (name == "bool" && (*known)->name == "int") ||
         (value.get_if<std::shared_ptr<Class>>() != nullptr && (*known)->name == "type");
}

}  // namespace driftd::python

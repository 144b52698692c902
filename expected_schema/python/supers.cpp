#include <fmt/format.h>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
bool Interpreter::is_super(const Node& node) {
  if (node.kind != Kind::Call) return false;
  const Node& function = *node.child("function");
  return function.kind == Kind::Identifier && source(function) == "super" &&
         find_binding("super") == nullptr;
}

Value Interpreter::super_attribute(const Node& call, const std::string& name, const Place& place) {
  // super() and super(Class, self) are the same in the methods of Class.
  const Scope* scope = frame_->scope.get();
  const Scope* method = nullptr;
  while (scope != nullptr && scope->kind != Scope::Kind::Class) {
    if (scope->kind == Scope::Kind::Function) method = scope;
    scope = scope->parent.get();
  }
  const auto type = scope == nullptr ? nullptr : scope->defines.lock();
  if (!type || method == nullptr || method->first_parameter.empty()) {
    refuse(place, "`super()` outside of a method is not supported");
  }
  if (auto made = metaclass_super(*type, name)) return *std::move(made);
  const auto self = method->names.find(method->first_parameter);
  if (self == method->names.end()) refuse(place, "`super()` without its object is not supported");
  const Value object = self->second.value;
  const auto* instance = object.get_if<std::shared_ptr<Instance>>();
  const auto* itself = object.get_if<std::shared_ptr<Class>>();
  const Class& last = instance != nullptr ? *(*instance)->type
                      : itself != nullptr ? **itself
                                          : *type;
  if (!call.child("arguments")->named().empty() && call.child("arguments")->named().size() != 2) {
    refuse(place, "`super` with these arguments is not supported");
  }
  const auto of_source = [&](const Class& one) {
    return std::ranges::all_of(one.written_bases, [&](const Value& base) {
      if (!is_symbolic(base) && base.unknown() == nullptr) return true;
      const auto names = host_.names_within(base);
      return names && std::ranges::find(*names, name) == names->end();
    });
  };
  const bool known = of_source(last) && std::ranges::all_of(last.line, [&](const auto& base) {
                       return of_source(*base);
                     });
  if (is_opaque(last) && !known && instance == nullptr) {
    refuse(place, "`super()` of a class with a base of a library is not supported",
           "Call the base class by its name.");
  }
  // Those behind the class in the object's own line.
  bool behind = &last == type.get();
  for (const auto& base : last.line) {
    if (behind) {
      if (const Value* found = base->own(name)) {
        return name == "__new__" ? *found : bind_method(*found, object, place);
      }
    }
    behind = behind || base == type;
  }
  if (name == "__new__") {
    for (const auto& base : last.line) {
      if (base->builtin && base->name != "object") return *find_in_class(base, name);
    }
    return *find_in_class(builtin_class("object"), name);
  }
  if (is_opaque(last) && !known) {
    const std::string called = name == "__init__" ? "__init__ of a library" : name;
    return native(
        called, [object, name](Interpreter& it, Arguments given, const Place& at) -> Value {
          if (name != "__init__") {
            return it.call_symbolic({name, std::make_shared<Value>(object), std::move(given), at});
          }
          it.pass_on(object, std::move(given), at);
          return {};
        });
  }
  // object, or an exception: what they do with their arguments instantiate() has done.
  if (name == "__init__" || name == "__init_subclass__" || name == "__post_init__") {
    const bool exception =
        instance != nullptr && is_subclass(*(*instance)->type, *builtin_class("BaseException"));
    return native(name,
                  [object, exception](Interpreter& it, Arguments given, const Place& at) -> Value {
                    if (exception) {
                      const auto& made = *object.get_if<std::shared_ptr<Instance>>();
                      made->payload = tuple_of(given.positional);
                      made->set("args", tuple_of(std::move(given.positional)));
                    } else {
                      it.fill(object, given, at);
                    }
                    return {};
                  });
  }
  refuse(place, fmt::format("`super().{}` is not supported", name),
         "Call the base class by its name.");
}

/// The `__init__` of a builtin container, for an object that inherits from it.
void Interpreter::fill(const Value& object, const Arguments& given, const Place& place) {
  const auto* instance = object.get_if<std::shared_ptr<Instance>>();
  if (given.positional.empty() && given.keyword.empty()) return;
  const Value& held = instance != nullptr && (*instance)->payload ? *(*instance)->payload : object;
  if (const auto* dict = held.get_if<Dict>()) {
    for (const Value& from : given.positional) update(*dict, from, place);
    for (const auto& [name, value] : given.keyword) set_key(*dict, Value(name), value, place);
  } else if (const auto* list = held.get_if<List>()) {
    for (Value& item : items(given.positional.front(), place)) (*list)->push_back(std::move(item));
  } else if (const auto* set = held.get_if<Set>()) {
    for (Value& item : items(given.positional.front(), place))
      add_item(*set, std::move(item), place);
  }
}

void Interpreter::pass_on(const Value& object, Arguments given, const Place& place) {
  const auto& made = *object.get_if<std::shared_ptr<Instance>>();
  made->set(std::string(kPassedOn), std::make_shared<const Term>(Term{
                                        std::string(kPassedOn), nullptr, std::move(given), place}));
}

}  // namespace driftd::python

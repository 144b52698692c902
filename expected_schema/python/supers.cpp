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
  if (is_opaque(last) && !known) {
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
  // object, or an exception: what they do with their arguments instantiate() has done.
  if (name == "__init__" || name == "__init_subclass__" || name == "__post_init__") {
    const bool exception =
        instance != nullptr && is_subclass(*(*instance)->type, *builtin_class("BaseException"));
    return native(name,
                  [object, exception](Interpreter& it, Arguments given, const Place&) -> Value {
                    if (exception) {
                      const auto& made = *object.get_if<std::shared_ptr<Instance>>();
                      made->payload = tuple_of(given.positional);
                      made->set("args", tuple_of(std::move(given.positional)));
                    }
                    (void)it;
                    return {};
                  });
  }
  refuse(place, fmt::format("`super().{}` is not supported", name),
         "Call the base class by its name.");
}

}  // namespace driftd::python

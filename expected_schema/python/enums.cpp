// https://docs.python.org/3/library/enum.html
#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

void Interpreter::make_enum(const std::shared_ptr<Class>& type, const Scope& body) {
  const bool text_too = is_subclass(*type, *builtin_class("str"));
  const bool number_too = is_subclass(*type, *builtin_class("int"));
  const bool named =
      std::any_of(type->written_bases.begin(), type->written_bases.end(), [](const Value& base) {
        const auto* symbol = base.get_if<Symbol>();
        return symbol != nullptr && symbol->path == "enum.StrEnum";
      });
  if (named) type->set("__str_is_value__", true);
  std::int64_t last = 0;
  for (const std::string& name : body.order) {
    const Binding& binding = body.names.at(name);
    Value value = binding.value;
    const bool descriptor = value.get_if<std::shared_ptr<Function>>() != nullptr ||
                            value.get_if<std::shared_ptr<Class>>() != nullptr;
    if (is_special(name) || descriptor || name == "_ignore_") {
      type->set(name, std::move(value));
      continue;
    }
    if (const Term* term = value.term(); term != nullptr && term->callee == "enum.auto") {
      std::string lower = name;
      std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
      value = text_too ? Value(lower) : Value(last + 1);
    }
    if (const auto number = as_int(value)) last = *number;
    Value alias;
    bool is_alias = false;
    for (const Value& member : type->members) {
      const auto& other = *member.get_if<std::shared_ptr<Instance>>();
      if (equal(*other->own("value"), value, binding.place) == true) {
        alias = member;
        is_alias = true;
      }
    }
    if (is_alias) {
      type->set(name, alias);
      continue;
    }
    auto member = make_instance(type);
    member->set("name", name);
    member->set("value", value);
    member->set("_name_", name);
    member->set("_value_", value);
    if ((text_too && value.get_if<std::string>() != nullptr) || (number_too && as_int(value))) {
      member->payload = value;
    }
    if (find_attribute(*type, "__init__") != nullptr ||
        find_attribute(*type, "__new__") != nullptr) {
      refuse(binding.place, fmt::format("the enum `{}` makes its members itself", type->name));
    }
    type->set(name, member);
    type->members.emplace_back(member);
  }
}

}  // namespace driftd::python

// https://docs.python.org/3/library/enum.html
#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

namespace {

/// `_generate_next_value_`, which says what `auto()` is.
const Value* own_next_value(const Class& type, const Scope& body) {
  const auto own = body.names.find("_generate_next_value_");
  const Value* found =
      own != body.names.end() ? &own->second.value : find_attribute(type, "_generate_next_value_");
  return found != nullptr && found->get_if<std::shared_ptr<Function>>() != nullptr ? found
                                                                                   : nullptr;
}

/// A method that makes the members, which may stand behind them in the body; null: there is none.
const Value* own_method(const Class& type, const Scope& body, const std::string& name) {
  const auto own = body.names.find(name);
  return own != body.names.end() ? &own->second.value : find_attribute(type, name);
}

}  // namespace

bool Interpreter::fill_member(std::shared_ptr<Instance>& member, const Value* maker,
                              const Value* init, const Place& place) {
  const Value name = *member->own("name");
  const Value value = *member->own("value");
  if (unknown_in(value)) return false;
  const auto* several = value.get_if<Tuple>();
  const std::vector<Value> given = several == nullptr ? std::vector{value} : *several->items;
  std::shared_ptr<Instance> made = member;
  try {
    if (maker != nullptr) {
      Arguments arguments{given, {}};
      arguments.positional.insert(arguments.positional.begin(), member->type);
      auto function = make_function(**maker->get_if<std::shared_ptr<Function>>());
      function->binds = Function::Binds::Nothing;
      const Value result = call(Value(function), std::move(arguments), place);
      const auto* instance = result.get_if<std::shared_ptr<Instance>>();
      if (instance == nullptr || (*instance)->type != member->type) return false;
      made = *instance;
      // Without a `_value_` of its own it is what a builtin class made of it, or what is written.
      if (made->own("_value_") == nullptr) made->set("_value_", made->payload.value_or(value));
    }
    made->set("name", name);
    made->set("_name_", name);
    if (init != nullptr) {
      auto bound = make_function(**init->get_if<std::shared_ptr<Function>>());
      bound->self = made;
      call(Value(bound), {given, {}}, place);
    }
    made->set("value", *made->own("_value_"));
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood || steps_ > bounds_.steps) throw;
    return false;
  }
  member = made;
  return true;
}

void Interpreter::make_enum(const std::shared_ptr<Class>& type, const Scope& body) {
  const bool text_too = is_subclass(*type, *builtin_class("str"));
  const bool number_too = is_subclass(*type, *builtin_class("int"));
  const bool named =
      std::any_of(type->written_bases.begin(), type->written_bases.end(), [](const Value& base) {
        const auto* symbol = base.get_if<Symbol>();
        return symbol != nullptr &&
               (symbol->path == "enum.StrEnum" || symbol->path == "enum.ReprEnum");
      });
  if (named) type->set("__str_is_value__", true);
  std::int64_t last = 0;
  for (const std::string& name : body.order) {
    const Binding& binding = body.names.at(name);
    Value value = binding.value;
    const bool descriptor = value.get_if<std::shared_ptr<Function>>() != nullptr ||
                            value.get_if<std::shared_ptr<Class>>() != nullptr;
    if (is_special(name) || descriptor || name == "_ignore_" || name == "_generate_next_value_") {
      type->set(name, std::move(value));
      continue;
    }
    const Term* term = value.term();
    const bool automatic = term != nullptr && term->callee == "enum.auto";
    if (const Value* next = automatic ? own_next_value(*type, body) : nullptr) {
      std::vector<Value> before;
      for (const Value& member : type->members) {
        before.push_back(*(*member.get_if<std::shared_ptr<Instance>>())->own("value"));
      }
      Arguments given;
      given.positional = {name, std::int64_t{1}, static_cast<std::int64_t>(before.size()),
                          list_of(before)};
      auto function = make_function(**next->get_if<std::shared_ptr<Function>>());
      function->binds = Function::Binds::Nothing;
      value = call(Value(function), std::move(given), binding.place);
    } else if (automatic) {
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
    const Value* maker = own_method(*type, body, "__new__");
    const Value* init = own_method(*type, body, "__init__");
    const auto is_function = [](const Value* one) {
      return one == nullptr || one->get_if<std::shared_ptr<Function>>() != nullptr;
    };
    if ((maker != nullptr || init != nullptr) && is_function(maker) && is_function(init) &&
        fill_member(member, maker, init, binding.place)) {
      type->set(name, member);
      type->members.emplace_back(member);
      continue;
    }
    if (maker != nullptr || init != nullptr) {
      // What they make of it is not known; the member's name is.
      const Value made = unknown(fmt::format("what the enum `{}` makes of its members", type->name),
                                 binding.place);
      member->set("value", made);
      member->set("_value_", made);
      member->payload.reset();
    }
    type->set(name, member);
    type->members.emplace_back(member);
  }
}

}  // namespace driftd::python

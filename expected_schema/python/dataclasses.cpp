// https://docs.python.org/3/library/dataclasses.html
#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// The value of a keyword of `dataclasses.field(...)`.
const Value* option(const Value& field, std::string_view name) {
  const Term* term = field.term();
  if (term == nullptr || term->callee != "dataclasses.field") return nullptr;
  const auto found = std::ranges::find(term->arguments.keyword, name,
                                       [](const auto& one) { return std::string_view(one.first); });
  return found == term->arguments.keyword.end() ? nullptr : &found->second;
}

bool is_field_call(const Value& value) {
  const Term* term = value.term();
  return term != nullptr && term->callee == "dataclasses.field";
}

bool is_false(const Value* value) {
  const bool* known = value == nullptr ? nullptr : value->get_if<bool>();
  return known != nullptr && !*known;
}

Value method(std::string name, Native function) {
  auto made = make_function();
  made->name = std::move(name);
  made->native = std::move(function);
  return made;
}

}  // namespace

void Interpreter::note_body(Class& type, const Node& body) const {
  for (const Node* statement : body.named()) {
    const Node* defined =
        statement->kind == Kind::Decorated ? statement->child("definition") : statement;
    if (defined != nullptr && defined->kind == Kind::Definition) {
      std::string& decorators = type.methods[std::string(source(*defined->child("name")))];
      for (const Node* part : statement->children) {
        if (part->kind == Kind::Decorator) decorators += std::string(source(*part)) + "\n";
      }
    }
    for (const Node* part : statement->named()) {
      const Node* written = part->kind == Kind::Assignment ? part->child("type") : nullptr;
      if (written == nullptr || part->child("left")->kind != Kind::Identifier) continue;
      const std::string name(source(*part->child("left")));
      type.annotations.emplace_back(name, written);
      if (source(*written).find("ClassVar") != std::string_view::npos) continue;
      type.annotated.push_back(name);
    }
  }
}

void Interpreter::make_dataclass(const std::shared_ptr<Class>& type, const Value& decorator,
                                 const Place& place) {
  if (const Term* term = decorator.term()) {
    for (const auto& [name, value] : term->arguments.keyword) {
      static const std::vector<std::string> harmless = {
          "frozen", "slots", "kw_only", "repr", "unsafe_hash", "match_args", "weakref_slot"};
      if (std::ranges::find(harmless, name) == harmless.end() &&
          !(name == "eq" && !is_false(&value))) {
        type->refusal = fmt::format("the argument `{}` of `@dataclass` is not supported", name);
        return;
      }
    }
  }
  if (find_attribute(*type, "__init__") != nullptr && type->own("__init__") != nullptr) return;
  for (const auto& base : type->bases) {
    if (!base->builtin && base->dataclass_fields.empty() && find_attribute(*base, "__init__")) {
      type->refusal = "a data class that inherits an `__init__` is not supported";
      return;
    }
  }
  std::vector<std::string> fields;
  for (const auto& base : type->bases) {
    for (const std::string& name : base->dataclass_fields) {
      if (std::ranges::find(fields, name) == fields.end()) fields.push_back(name);
    }
  }
  for (const std::string& name : type->annotated) {
    if (std::ranges::find(fields, name) == fields.end()) fields.push_back(name);
  }
  type->dataclass_fields = fields;
  std::weak_ptr<Class> weak = type;
  type->set(
      "__init__",
      method("__init__",
             [fields, weak](Interpreter& it, Arguments given, const Place& where) -> Value {
               const auto known = weak.lock();
               const Value self = given.positional.empty() ? Value() : given.positional.front();
               const auto* instance = self.get_if<std::shared_ptr<Instance>>();
               if (!known || instance == nullptr) it.raise("TypeError", "no object", where);
               std::size_t next = 1;
               for (const std::string& name : fields) {
                 const Value* standing = find_attribute(*known, name);
                 const bool in_init = standing == nullptr || !is_false(option(*standing, "init"));
                 const auto keyword = std::ranges::find(given.keyword, name,
                                                        [](const auto& one) { return one.first; });
                 Value value;
                 if (in_init && next < given.positional.size()) {
                   value = given.positional[next++];
                 } else if (in_init && keyword != given.keyword.end()) {
                   value = keyword->second;
                   given.keyword.erase(keyword);
                 } else if (standing == nullptr) {
                   it.raise("TypeError", fmt::format("__init__() missing the argument: '{}'", name),
                            where);
                 } else if (!is_field_call(*standing)) {
                   value = *standing;
                 } else if (const Value* made = option(*standing, "default")) {
                   value = *made;
                 } else if (const Value* factory = option(*standing, "default_factory")) {
                   value = it.call(*factory, {}, where);
                 } else if (!in_init) {
                   continue;
                 } else {
                   it.raise("TypeError", fmt::format("__init__() missing the argument: '{}'", name),
                            where);
                 }
                 (*instance)->set(name, std::move(value));
               }
               if (next < given.positional.size() || !given.keyword.empty()) {
                 it.raise("TypeError", "__init__() got an unexpected argument", where);
               }
               if (const Value* after = find_attribute(*(*instance)->type, "__post_init__")) {
                 Arguments only;
                 only.positional.push_back(self);
                 it.call(*after, std::move(only), where);
               }
               return {};
             }));
  if (type->own("__eq__") == nullptr) {
    type->set(
        "__eq__",
        method("__eq__",
               [fields](Interpreter& it, const Arguments& given, const Place& where) -> Value {
                 const auto* one = given.positional.at(0).get_if<std::shared_ptr<Instance>>();
                 const auto* other = given.positional.at(1).get_if<std::shared_ptr<Instance>>();
                 if (one == nullptr || other == nullptr || (*one)->type != (*other)->type) {
                   return false;
                 }
                 for (const std::string& name : fields) {
                   const Value* left = (*one)->own(name);
                   const Value* right = (*other)->own(name);
                   if (left == nullptr || right == nullptr) return false;
                   const auto same = it.equal(*left, *right, where);
                   if (!same) refuse(where, "cannot tell whether two data objects are equal");
                   if (!*same) return false;
                 }
                 return true;
               }));
  }
  (void)place;
}

}  // namespace driftd::python

#include <fmt/format.h>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

void Interpreter::bind(const std::string& name, Value value, const Place& place) {
  Scope* scope = frame_->scope.get();
  if (scope->globals.contains(name)) {
    scope = frame_->module->scope.get();
  } else if (scope->nonlocals.contains(name)) {
    Scope* outer = scope->parent.get();
    while (outer != nullptr &&
           (outer->kind == Scope::Kind::Class || !outer->names.contains(name))) {
      outer = outer->parent.get();
    }
    if (outer != nullptr) scope = outer;
  }
  if (scope->kind == Scope::Kind::Class && !scope->names.contains(name)) {
    scope->order.push_back(name);
  }
  if (!regions_.empty()) touched_name(*scope, name);
  scope->names[name] = {one_of(std::move(value)), place, nullptr};
}

void Interpreter::assign(const Node& target, Value value) {
  switch (target.kind) {
    case Kind::Identifier:
      bind(std::string(source(target)), std::move(value), place(target));
      return;
    case Kind::Parenthesized:
      assign(*target.named().front(), std::move(value));
      return;
    case Kind::PatternList:
    case Kind::TuplePattern:
    case Kind::ListPattern:
    case Kind::Tuple:
    case Kind::ListDisplay:
    case Kind::ExpressionList:
      unpack(target.named(), value, target);
      return;
    case Kind::AttributeAccess: {
      const Value object = evaluate(*target.child("object"));
      set_attribute(object, std::string(source(*target.child("attribute"))), std::move(value),
                    place(target));
      return;
    }
    case Kind::Subscript:
      set_subscript(target, std::move(value));
      return;
    case Kind::AsPatternTarget:
      assign(*target.named().front(), std::move(value));
      return;
    default:
      break;
  }
  refuse(place(target),
         fmt::format("an assignment to `{}` is not supported", source(target).substr(0, 40)));
}

void Interpreter::unpack(const std::vector<const Node*>& targets, const Value& value,
                         const Node& node) {
  const Deeper deeper(*this, node);
  if (const auto* why = value.get_if<Why>()) {
    for (const Node* target : targets) {
      const bool star = target->kind == Kind::ListSplatPattern || target->kind == Kind::ListSplat;
      assign(star ? *target->named().front() : *target, derived(*why));
    }
    return;
  }
  std::vector<Value> all = items(value, place(node));
  for (const Value& item : all) {
    if (const Why why = may_be_absent(item); why && item.unknown() != nullptr) {
      unpack(targets, derived(why), node);
      return;
    }
  }
  std::size_t star = npos;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i]->kind != Kind::ListSplatPattern && targets[i]->kind != Kind::ListSplat) continue;
    if (star != npos) refuse(place(node), "two starred names in one assignment");
    star = i;
  }
  const std::size_t least = star == npos ? targets.size() : targets.size() - 1;
  if (all.size() < least) {
    raise("ValueError",
          fmt::format("not enough values to unpack (expected {}{}, got {})",
                      star == npos ? "" : "at least ", least, all.size()),
          place(node));
  }
  if (star == npos && all.size() > least) {
    raise("ValueError", fmt::format("too many values to unpack (expected {})", least), place(node));
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (i != star) {
      assign(*targets[i], std::move(all[at++]));
      continue;
    }
    std::vector<Value> rest;
    for (std::size_t left = all.size() - least; left > 0; --left)
      rest.push_back(std::move(all[at++]));
    assign(*targets[i]->named().front(), list_of(std::move(rest)));
  }
}

Value Interpreter::assigned(const Node& node) {
  // `a = b = value`: the value first, then the targets from left to right.
  std::vector<const Node*> targets;
  const Node* right = &node;
  while (right != nullptr && right->kind == Kind::Assignment) {
    targets.push_back(right->child("left"));
    right = right->child("right");
  }
  if (right == nullptr) return {};  // `x: int` only declares
  if (right->kind == Kind::AugmentedAssignment) {
    refuse(place(*right), "an augmented assignment is no value");
  }
  const Value value = evaluate(*right);
  for (const Node* target : targets) assign(*target, value);
  return value;
}

void Interpreter::augmented(const Node& node) {
  const Node* left = node.child("left");
  while (left->kind == Kind::Parenthesized) left = left->named().front();
  std::string_view op = node.child("operator")->type;
  op.remove_suffix(1);
  const Node& right = *node.child("right");
  switch (left->kind) {
    case Kind::Identifier: {
      const std::string name(source(*left));
      const Value before = lookup(name, *left);
      bind(name, binary(op, before, evaluate(right), place(node), true), place(node));
      return;
    }
    case Kind::AttributeAccess: {
      const Value object = evaluate(*left->child("object"));
      const std::string name(source(*left->child("attribute")));
      const Value before = attribute(object, name, place(*left));
      set_attribute(object, name, binary(op, before, evaluate(right), place(node), true),
                    place(node));
      return;
    }
    case Kind::Subscript: {
      const Value object = evaluate(*left->child("value"));
      const Node* index = left->child("subscript");
      if (index->kind == Kind::Slice) {
        refuse(place(*left), "an augmented assignment to a slice is not supported");
      }
      const Value key = evaluate(*index);
      const Value before = subscript(object, key, place(*left));
      const Value after = binary(op, before, evaluate(right), place(node), true);
      set_item(object, key, after, place(node));
      return;
    }
    default:
      break;
  }
  refuse(place(node), fmt::format("an assignment to `{}` is not supported", source(*left)));
}

void Interpreter::remove(const Node& target) {
  switch (target.kind) {
    case Kind::Identifier: {
      const std::string name(source(target));
      Scope& scope =
          frame_->scope->globals.contains(name) ? *frame_->module->scope : *frame_->scope;
      if (!regions_.empty() && scope.names.contains(name)) touched_name(scope, name);
      if (scope.names.erase(name) == 0) {
        if (scope.kind == Scope::Kind::Function) {
          raise("UnboundLocalError",
                fmt::format(
                    "cannot access local variable '{}' where it is not associated with a value",
                    name),
                place(target));
        }
        raise("NameError", fmt::format("name '{}' is not defined", name), place(target));
      }
      std::erase(scope.order, name);
      return;
    }
    case Kind::Parenthesized:
    case Kind::Tuple:
    case Kind::ListDisplay:
    case Kind::ExpressionList:
    case Kind::PatternList:
      for (const Node* one : target.named()) remove(*one);
      return;
    case Kind::Subscript:
      delete_subscript(target);
      return;
    case Kind::AttributeAccess: {
      const Value object = evaluate(*target.child("object"));
      const std::string name(source(*target.child("attribute")));
      const auto drop = [&](auto& attributes) {
        return std::erase_if(attributes, [&](const auto& one) { return one.first == name; }) > 0;
      };
      if (object.unknown() != nullptr) return;
      touched_attribute(object, name);
      bool dropped = is_symbolic(object);
      if (dropped) refuse(place(target), fmt::format("cannot delete from `{}`", describe(object)));
      if (const auto* instance = object.get_if<std::shared_ptr<Instance>>()) {
        dropped = takes_delete(object, name, place(target)) || drop((*instance)->attributes);
      } else if (const auto* type = object.get_if<std::shared_ptr<Class>>()) {
        dropped = drop((*type)->attributes);
      }
      if (!dropped) raise("AttributeError", name, place(target));
      return;
    }
    default:
      break;
  }
  refuse(place(target), fmt::format("`del {}` is not supported", source(target)));
}

}  // namespace driftd::python

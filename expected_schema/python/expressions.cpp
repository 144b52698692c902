#include <fmt/format.h>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

const Node& without_parentheses(const Node& node) {
  const Node* inner = &node;
  while (inner->kind == Kind::Parenthesized) {
    const auto named = inner->named();
    if (named.size() != 1) break;
    inner = named.front();
  }
  return *inner;
}

}  // namespace

Value Interpreter::evaluate(const Node& outer) {
  const Node& node = without_parentheses(outer);
  step(node);
  const Deeper deeper(*this, node);
  return evaluate_inner(node);
}

Value Interpreter::evaluate_inner(const Node& node) {
  switch (node.kind) {
    case Kind::Identifier:
      return lookup(std::string(source(node)), node);
    case Kind::None:
      return None{};
    case Kind::True:
      return true;
    case Kind::False:
      return false;
    case Kind::Ellipsis:
      return Symbol{"builtins.Ellipsis"};
    case Kind::Integer:
    case Kind::Float:
      return number(node);
    case Kind::String:
    case Kind::ConcatenatedString:
      return string(node);
    case Kind::ListDisplay:
      return list_of(elements(node));
    case Kind::Tuple:
    case Kind::ExpressionList:
    case Kind::PatternList:
      return tuple_of(elements(node));
    case Kind::Set: {
      const Value made = set_of({});
      for (Value& item : elements(node))
        add_item(*made.get_if<Set>(), std::move(item), place(node));
      return made;
    }
    case Kind::Dictionary:
      return dictionary(node);
    case Kind::ListComprehension:
    case Kind::SetComprehension:
    case Kind::DictionaryComprehension:
    case Kind::Generator:
      return comprehension(node);
    case Kind::Binary:
      return binary_chain(node);
    case Kind::Unary:
      return unary(node.child("operator")->type, evaluate(*node.child("argument")), place(node));
    case Kind::Not: {
      const Value operand = evaluate(*node.child("argument"));
      if (is_symbolic(operand)) return unary("not", operand, place(node));
      Why why;
      const auto holds = known_truth(operand, place(node), why);
      return holds ? Value(!*holds) : derived(why);
    }
    case Kind::Boolean:
      return boolean(node);
    case Kind::Comparison:
      return comparison(node);
    case Kind::Conditional:
      return conditional(node);
    case Kind::Lambda:
      return make_lambda(node);
    case Kind::Named: {
      Value value = evaluate(*node.child("value"));
      // A walrus in a comprehension binds in the function around it.
      auto& scope = frame_->scope;
      const auto inner = scope;
      while (scope->kind == Scope::Kind::Comprehension) scope = scope->parent;
      bind(std::string(source(*node.child("name"))), value, place(node));
      scope = inner;
      return value;
    }
    case Kind::AttributeAccess: {
      if (is_super(*node.child("object"))) {
        return super_attribute(*node.child("object"), std::string(source(*node.child("attribute"))),
                               place(node));
      }
      const Value object = evaluate(*node.child("object"));
      return attribute(object, std::string(source(*node.child("attribute"))), place(node));
    }
    case Kind::Subscript: {
      const Value object = evaluate(*node.child("value"));
      return slice(object, node);
    }
    case Kind::Call:
      return evaluate_name_call(node);
    case Kind::ListSplat:  // of a call; see elements()
    case Kind::ListSplatPattern:
      return evaluate(*node.named().front());
    default:
      break;
  }
  const std::string_view type = node.type;
  if (type == "await") refuse(place(node), "`await` is not supported");
  if (type == "yield") return yield(node);
  refuse(place(node), fmt::format("`{}` is not supported here", source(node).substr(0, 40)));
}

Binding* Interpreter::find_binding(const std::string& name, const Scope** unbound) {
  Scope* scope = frame_->scope.get();
  bool skip_class = false;
  while (scope != nullptr) {
    if (scope->globals.contains(name)) {
      while (scope->parent != nullptr) scope = scope->parent.get();
    } else if (scope->kind == Scope::Kind::Class && skip_class) {
      scope = scope->parent.get();  // a method does not see the names of its class
      continue;
    }
    if (!scope->nonlocals.contains(name)) {
      if (const auto found = scope->names.find(name); found != scope->names.end()) {
        return &found->second;
      }
      if (scope->local && scope->local->own.contains(name)) {
        if (unbound != nullptr) *unbound = scope;
        return nullptr;
      }
    }
    skip_class = true;
    scope = scope->parent.get();
  }
  return nullptr;
}

Value Interpreter::lookup(const std::string& name, const Node& node) {
  const Scope* unbound = nullptr;
  if (const Binding* binding = find_binding(name, &unbound)) {
    if (binding->poison) throw Error(*binding->poison);
    return binding->value;
  }
  if (unbound == frame_->scope.get()) {
    raise("UnboundLocalError",
          fmt::format("cannot access local variable '{}' where it is not associated with a value",
                      name),
          place(node));
  }
  if (unbound != nullptr) {
    raise("NameError",
          fmt::format("cannot access free variable '{}' where it is not associated with a value in "
                      "enclosing scope",
                      name),
          place(node));
  }
  if (const auto found = builtins_.find(name); found != builtins_.end()) return found->second;
  const auto& stars = current_module()->scope->star_imports;
  if (stars.size() == 1) return attribute(Symbol{stars.front()}, name, place(node));
  if (!stars.empty()) {
    refuse(place(node),
           fmt::format("cannot tell which of several `import *` brings the name `{}`", name),
           "Import the names that are used by name.");
  }
  if (name == "open") return Symbol{"builtins.open"};
  if (is_python_builtin(name)) {
    refuse(place(node), fmt::format("the builtin `{}` is not supported", name));
  }
  raise("NameError", fmt::format("name '{}' is not defined", name), place(node));
}

std::vector<Value> Interpreter::elements(const Node& node) {
  std::vector<Value> items;
  for (const Node* child : node.children) {
    if (child->kind == Kind::Token) continue;
    // The grammar takes `*f(x)` in a display for a call of `*f`.
    if (source(*child).starts_with('*')) {
      const bool plain = child->kind == Kind::ListSplat || child->kind == Kind::ListSplatPattern;
      const Value spread = evaluate(plain ? *child->named().front() : *child);
      if (const auto* why = spread.get_if<Why>()) {
        items.push_back(rest_of(*why));
        continue;
      }
      for (Value& item : this->items(spread, place(*child))) items.push_back(std::move(item));
    } else {
      items.push_back(evaluate(*child));
    }
    charge(sizeof(Value), place(*child));
  }
  return items;
}

Value Interpreter::dictionary(const Node& node) {
  const Value made = dict_of({});
  const Dict& dict = *made.get_if<Dict>();
  for (const Node* child : node.children) {
    if (child->kind == Kind::Pair) {
      Value key = evaluate(*child->child("key"));
      Value value = evaluate(*child->child("value"));
      set_key(dict, std::move(key), std::move(value), place(*child));
    } else if (child->kind == Kind::DictionarySplat) {
      const Value spread = evaluate(*child->named().front());
      const auto* other = unwrapped(spread).get_if<Dict>();
      if (const auto* why = spread.get_if<Why>()) {
        blur(made, size_of(made), *why);
        continue;
      }
      if (other == nullptr) {
        refuse(place(*child), fmt::format("cannot tell the items of `{}`", describe(spread)));
      }
      for (const auto& [key, value] : **other) set_key(dict, key, value, place(*child));
    }
  }
  return made;
}

Value Interpreter::conditional(const Node& node) {
  const auto parts = node.named();
  const Value condition = evaluate(*parts[1]);
  Why why;
  if (const auto holds = known_truth(condition, place(*parts[1]), why)) {
    return evaluate(*holds ? *parts[0] : *parts[2]);
  }
  bool first_raised = false;
  bool second_raised = false;
  evaluate_maybe(why, *parts[0], first_raised);
  if (first_raised) return evaluate(*parts[2]);
  evaluate_maybe(why, *parts[2], second_raised);
  if (second_raised) return evaluate(*parts[0]);
  return derived(why);
}

Value Interpreter::evaluate_maybe(const Why& why, const Node& node, bool& raised) {
  Value value;
  raised = maybe(why, [&] {
             value = evaluate(node);
             return Flow::Normal;
           }).raised;
  return value;
}

Value Interpreter::boolean(const Node& node) {
  // `a and b and c` leans to the left: walk down its spine instead of calling ourselves.
  std::vector<const Node*> spine{&node};
  while (spine.back()->child("left")->kind == Kind::Boolean) {
    spine.push_back(spine.back()->child("left"));
  }
  Value value = evaluate(*spine.back()->child("left"));
  for (auto at = spine.rbegin(); at != spine.rend(); ++at) {
    const bool either = (*at)->child("operator")->type == "or";
    Why why;
    if (const auto holds = known_truth(value, place(**at), why)) {
      if (*holds == either) continue;
      value = evaluate(*(*at)->child("right"));
      continue;
    }
    bool raised = false;
    const Value right = evaluate_maybe(why, *(*at)->child("right"), raised);
    const auto* decided = right.get_if<bool>();
    if (!raised && decided != nullptr && *decided == either) {
      value = right;  // as far as its truth goes
    } else {
      value = derived(why);
    }
  }
  return value;
}

Value Interpreter::binary_chain(const Node& node) {
  std::vector<const Node*> spine{&node};
  while (spine.back()->child("left")->kind == Kind::Binary) {
    spine.push_back(spine.back()->child("left"));
  }
  Value value = evaluate(*spine.back()->child("left"));
  for (auto at = spine.rbegin(); at != spine.rend(); ++at) {
    step(**at);
    const Value right = evaluate(*(*at)->child("right"));
    value = binary((*at)->child("operator")->type, value, right, place(**at));
  }
  return value;
}

Value Interpreter::comparison(const Node& node) {
  std::size_t operands = 0;
  Value left;
  std::string op;
  Value result = true;
  for (const Node* child : node.children) {
    if (child->kind == Kind::Token) {
      op = child->type;  // `not in` comes as two tokens that are both called "not in"
      continue;
    }
    if (operands > 1) {
      Why why;
      const auto holds = known_truth(result, place(node), why);
      if (!holds) return derived(why);
      if (!*holds) return result;
    }
    Value right = evaluate(*child);
    if (operands > 0) result = compare(op, left, right, place(node));
    ++operands;
    left = std::move(right);
    op.clear();
  }
  return result;
}

Value Interpreter::evaluate_name_call(const Node& node) {
  const Node& function = without_parentheses(*node.child("function"));
  const Node& list = *node.child("arguments");
  if (function.kind == Kind::AttributeAccess && !is_super(*function.child("object"))) {
    const Value object = evaluate(*function.child("object"));
    const std::string name(source(*function.child("attribute")));
    const bool unknown = object.unknown() != nullptr && name != "startswith";
    if (unknown || (is_symbolic(object) && object.get_if<Symbol>() == nullptr)) {
      Arguments arguments = evaluate_arguments(list);
      return call_method(object, name, std::move(arguments), place(node));
    }
    const Value callee = attribute(object, name, place(function));
    return call(callee, evaluate_arguments(list), place(node));
  }
  if (function.kind == Kind::Identifier && source(function) == "super" &&
      find_binding("super") == nullptr) {
    refuse(place(node), "`super()` is not supported", "Call the base class by its name.");
  }
  const Value callee = evaluate(function);
  return call(callee, evaluate_arguments(list), place(node));
}

}  // namespace driftd::python

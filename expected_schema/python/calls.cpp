#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// Whether the body has a `yield` of its own: not one of a function inside.
bool yields(const Node& body) {
  std::vector<const Node*> open{&body};
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    if (node->type == "yield") return true;
    for (const Node* child : node->children) {
      if (child->kind != Kind::Definition && child->kind != Kind::Lambda &&
          child->kind != Kind::ClassDefinition) {
        open.push_back(child);
      }
    }
  }
  return false;
}

/// Whether a value is the same as another one, or not known at all.
bool no_better_known(const Value& value, const Value& other) {
  if (value.unknown() != nullptr) return true;
  if (value.storage().index() != other.storage().index()) return false;
  if (value.is_none()) return true;
  if (const auto* text = value.get_if<std::string>()) return *text == *other.get_if<std::string>();
  if (const auto* truth = value.get_if<bool>()) return *truth == *other.get_if<bool>();
  if (const auto* number = value.get_if<std::int64_t>()) {
    return *number == *other.get_if<std::int64_t>();
  }
  if (const auto* symbol = value.get_if<Symbol>())
    return symbol->path == other.get_if<Symbol>()->path;
  if (const auto* object = value.get_if<std::shared_ptr<Instance>>()) {
    return *object == *other.get_if<std::shared_ptr<Instance>>();
  }
  if (const auto* function = value.get_if<std::shared_ptr<Function>>()) {
    return (*function)->node != nullptr &&
           (*function)->node == (*other.get_if<std::shared_ptr<Function>>())->node;
  }
  if (const auto* type = value.get_if<std::shared_ptr<Class>>()) {
    return *type == *other.get_if<std::shared_ptr<Class>>();
  }
  return false;
}

bool no_better_known(const Arguments& now, const Arguments& before) {
  if (now.positional.size() != before.positional.size() ||
      now.keyword.size() != before.keyword.size()) {
    return false;
  }
  for (std::size_t i = 0; i < now.positional.size(); ++i) {
    if (!no_better_known(now.positional[i], before.positional[i])) return false;
  }
  return std::ranges::all_of(now.keyword, [&](const auto& pair) {
    const Value* other = before.find(pair.first);
    return other != nullptr && no_better_known(pair.second, *other);
  });
}

}  // namespace

Value Interpreter::define(const Node& node) {
  auto function = make_function();
  function->name = source(*node.child("name"));
  function->node = &node;
  function->closure = frame_->scope;
  function->module = frame_->module;
  function->parameters = parameters(*node.child("parameters"));
  function->local =
      std::make_shared<const LocalNames>(local_names(*node.child("body"), *function->module->tree));
  if (node.has_token("async")) function->refusal = "`async def` is not supported";
  function->generator = yields(*node.child("body"));
  return function;
}

Value Interpreter::make_lambda(const Node& node) {
  auto function = make_function();
  function->name = "<lambda>";
  function->node = &node;
  function->closure = frame_->scope;
  function->module = frame_->module;
  if (const Node* list = node.child("parameters")) function->parameters = parameters(*list);
  return function;
}

Value Interpreter::run(const std::shared_ptr<Function>& function, Arguments arguments,
                       const Place& place) {
  const auto scope = make_scope(Scope::Kind::Function, function->closure);
  charge(sizeof(Scope), place);
  if (function->local) {
    scope->local = function->local;
    scope->globals = function->local->globals;
    scope->nonlocals = function->local->nonlocals;
  }
  if (!function->parameters.empty()) scope->first_parameter = function->parameters.front().name;
  if (function->generator || regions_.empty()) {
    bind_parameters(*function, std::move(arguments), *scope, place);
    if (!function->generator) return run_body(function, scope);
    return make_generator([this, function, scope] { return run_body(function, scope); });
  }
  // Called by itself of what is not known, it would do the same once more, and so on for ever.
  const bool again = std::ranges::any_of(maybe_called_, [&](const auto& call) {
    return call.first == function->node && no_better_known(arguments, *call.second);
  });
  if (again) return derived(uncertain());
  // Nor is a tree walked that is known less with every step. What it would change is unknown.
  constexpr std::ptrdiff_t most_within_itself = 6;
  const auto within = std::ranges::count_if(
      maybe_called_, [&](const auto& call) { return call.first == function->node; });
  const bool partly =
      std::ranges::any_of(arguments.positional,
                          [](const Value& given) { return unknown_part(given) != nullptr; }) ||
      std::ranges::any_of(arguments.keyword,
                          [](const auto& pair) { return unknown_part(pair.second) != nullptr; });
  if (within >= most_within_itself && partly) {
    for (const Value& given : arguments.positional) blur_now(given);
    for (const auto& [name, given] : arguments.keyword) blur_now(given);
    return derived(uncertain());
  }
  const Arguments given = arguments;
  bind_parameters(*function, std::move(arguments), *scope, place);
  struct Called {
    std::vector<std::pair<const Node*, const Arguments*>>& calls;
    ~Called() { calls.pop_back(); }
  } const called{maybe_called_};
  maybe_called_.emplace_back(function->node, &given);
  return run_body(function, scope);
}

Value Interpreter::run_body(const std::shared_ptr<Function>& function,
                            const std::shared_ptr<Scope>& scope) {
  Frame frame{function->module, scope, {}, {}, {}, {}, {}};
  const Enter enter(*this, frame);
  struct Closing {
    Interpreter& interpreter;
    Frame& frame;
    ~Closing() {
      interpreter.close_regions(frame.loop_regions, 0);
      interpreter.close_regions(frame.regions, 0);
    }
  } const closing{*this, frame};
  const Node& body = *function->node->child("body");
  if (function->node->kind == Kind::Lambda) return evaluate(body);
  try {
    execute_block(body);
  } catch (const Raised& raised) {
    // It may have returned before. If nobody catches this, it did.
    if (!frame.uncertain) throw;
    may_have_raised(raised, frame.uncertain);
  }
  if (frame.uncertain) return derived(frame.uncertain);
  return std::move(frame.result);
}

const Value* builtin_of(const Value& generic) {
  const auto* operation = generic.get_if<std::shared_ptr<const Operation>>();
  if (operation == nullptr || (*operation)->op != "[]") return nullptr;
  const auto* type = (*operation)->left->get_if<std::shared_ptr<Class>>();
  return type != nullptr && (*type)->builtin ? (*operation)->left.get() : nullptr;
}

Value Interpreter::call(const Value& callee, Arguments arguments, const Place& place) {
  const Deeper deeper(*this, place);
  step(place);
  if (const auto* function = callee.get_if<std::shared_ptr<Function>>()) {
    const std::shared_ptr<Function> kept = *function;  // the call may rebind its own name
    if (!kept->refusal.empty()) {
      refuse(place, fmt::format("cannot call `{}`: {}", kept->name, kept->refusal));
    }
    if (kept->self) arguments.positional.insert(arguments.positional.begin(), *kept->self);
    if (!kept->native) return run(kept, std::move(arguments), place);
    here_ = place;
    return call_native(kept->name, kept->native, std::move(arguments), place);
  }
  if (const auto* type = callee.get_if<std::shared_ptr<Class>>()) {
    return instantiate(*type, std::move(arguments), place);
  }
  if (const auto* symbol = callee.get_if<Symbol>()) {
    if (const Native* known = library_function(symbol->path)) {
      return call_native(symbol->path, *known, std::move(arguments), place);
    }
    return call_symbolic({symbol->path, nullptr, std::move(arguments), place});
  }
  if (const auto* attribute = callee.get_if<std::shared_ptr<const Attribute>>()) {
    return call_symbolic({(*attribute)->name, (*attribute)->object, std::move(arguments), place});
  }
  if (const Value* type = builtin_of(callee)) return call(*type, std::move(arguments), place);
  if (is_symbolic(callee)) {  // the result of a call is called
    return call_symbolic(
        {"__call__", std::make_shared<Value>(callee), std::move(arguments), place});
  }
  if (callee.get_if<std::shared_ptr<Instance>>() != nullptr) {
    if (const auto method = find(callee, "__call__", place)) {
      return call(*method, std::move(arguments), place);
    }
  }
  if (const auto* why = callee.get_if<Why>()) {
    host_.call_of_unknown({}, arguments, place);
    return derived(*why);
  }
  raise("TypeError", fmt::format("'{}' object is not callable", type_name(callee)), place);
}

Value Interpreter::call_method(const Value& object, const std::string& name, Arguments arguments,
                               const Place& place) {
  if (is_symbolic(object) && object.get_if<Symbol>() == nullptr) {
    step(place);
    return call_symbolic({name, std::make_shared<Value>(object), std::move(arguments), place});
  }
  if (const auto* why = object.get_if<Why>(); why != nullptr && name != "startswith") {
    host_.call_of_unknown(name, arguments, place);
    return derived(*why);
  }
  return call(attribute(object, name, place), std::move(arguments), place);
}

Value Interpreter::call_symbolic(Term term) {
  charge(sizeof(Term), term.place);
  // `TypeDecorator.__init__(self, ...)`
  if (!term.object && term.callee.ends_with(".__init__") && !term.arguments.positional.empty()) {
    const auto* made = term.arguments.positional.front().get_if<std::shared_ptr<Instance>>();
    if (made != nullptr && is_opaque(*(*made)->type)) {
      Arguments given = term.arguments;
      given.positional.erase(given.positional.begin());
      pass_on(*made, std::move(given), term.place);
      return {};
    }
  }
  if (auto answer = host_.call(evaluator_, term)) return std::move(*answer);
  return std::make_shared<const Term>(std::move(term));
}

}  // namespace driftd::python

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

bool is_docstring(const Node& statement) {
  if (statement.kind != Kind::ExpressionStatement || statement.children.empty()) return false;
  const Kind kind = statement.children.front()->kind;
  return kind == Kind::String || kind == Kind::ConcatenatedString;
}

}  // namespace

Interpreter::Flow Interpreter::execute_block(const Node& block) {
  const Deeper deeper(*this, block);
  for (const Node* statement : block.children) {
    if (statement->kind == Kind::Token) continue;
    const Flow flow = execute(*statement);
    if (flow != Flow::Normal) return flow;
  }
  return Flow::Normal;
}

Interpreter::Flow Interpreter::execute(const Node& node) {
  step(node);
  switch (node.kind) {
    case Kind::ExpressionStatement: {
      const auto parts = node.named();
      if (parts.size() == 1 && parts.front()->kind == Kind::Assignment) {
        assigned(*parts.front());
      } else if (parts.size() == 1 && parts.front()->kind == Kind::AugmentedAssignment) {
        augmented(*parts.front());
      } else {
        for (const Node* part : parts) evaluate(*part);
      }
      return Flow::Normal;
    }
    case Kind::Return: {
      const auto parts = node.named();
      Value result = parts.empty() ? Value() : evaluate(*parts.front());
      frame_->result = std::move(result);
      return Flow::Return;
    }
    case Kind::Pass:
      return Flow::Normal;
    case Kind::Break:
      return Flow::Break;
    case Kind::Continue:
      return Flow::Continue;
    case Kind::If:
      return execute_if(node);
    case Kind::For:
      return execute_for(node);
    case Kind::While:
      return execute_while(node);
    case Kind::Try:
      return execute_try(node);
    case Kind::With: {
      if (node.has_token("async")) refuse(place(node), "`async with` is not supported");
      std::vector<const Node*> items;
      for (const Node* child : node.children) {
        if (child->kind != Kind::WithClause) continue;
        for (const Node* item : child->named()) items.push_back(item);
      }
      return execute_with(node, items, 0);
    }
    case Kind::Definition:
      bind(std::string(source(*node.child("name"))), define(node), place(node));
      return Flow::Normal;
    case Kind::ClassDefinition:
      bind(std::string(source(*node.child("name"))), define_class(node), place(node));
      return Flow::Normal;
    case Kind::Decorated: {
      std::vector<std::pair<Value, const Node*>> decorators;
      for (const Node* child : node.children) {
        if (child->kind == Kind::Decorator) {
          decorators.emplace_back(evaluate(*child->named().front()), child);
        }
      }
      const Node& definition = *node.child("definition");
      Value made =
          definition.kind == Kind::ClassDefinition ? define_class(definition) : define(definition);
      for (auto at = decorators.rbegin(); at != decorators.rend(); ++at) {
        made = decorate(std::move(made), at->first, place(*at->second));
      }
      bind(std::string(source(*definition.child("name"))), std::move(made), place(definition));
      return Flow::Normal;
    }
    case Kind::Import:
      import(node);
      return Flow::Normal;
    case Kind::ImportFrom:
      import_from(node);
      return Flow::Normal;
    case Kind::FutureImport:
      return Flow::Normal;
    case Kind::Assert:
      execute_assert(node);
      return Flow::Normal;
    case Kind::Raise:
      execute_raise(node);
      return Flow::Normal;
    case Kind::Delete:
      for (const Node* target : node.named()) remove(*target);
      return Flow::Normal;
    case Kind::Global:
      for (const Node* name : node.named()) frame_->scope->globals.emplace(source(*name));
      return Flow::Normal;
    case Kind::Nonlocal:
      for (const Node* name : node.named()) frame_->scope->nonlocals.emplace(source(*name));
      return Flow::Normal;
    default:
      break;
  }
  if (node.type == "type_alias_statement") {
    refuse(place(node), "the `type` statement is not supported");
  }
  if (node.type == "print_statement" || node.type == "exec_statement") {
    refuse(place(node),
           fmt::format("`{}` as a statement is Python 2",
                       node.type == "print_statement" ? "print" : "exec"),
           "Only Python 3 is read.");
  }
  const std::string_view shown = source(node);
  refuse(place(node),
         fmt::format("the statement `{}` is not supported",
                     shown.substr(0, std::min(shown.find_first_of(" :\n"), std::size_t{40}))));
}

Interpreter::Flow Interpreter::execute_if(const Node& node) {
  const Node* condition = node.child("condition");
  if (truth(evaluate(*condition), place(*condition))) {
    return execute_block(*node.child("consequence"));
  }
  for (const Node* branch : node.children) {
    if (branch->kind == Kind::Elif) {
      condition = branch->child("condition");
      if (truth(evaluate(*condition), place(*condition))) {
        return execute_block(*branch->child("consequence"));
      }
    } else if (branch->kind == Kind::Else) {
      return execute_block(*branch->child("body"));
    }
  }
  return Flow::Normal;
}

Interpreter::Flow Interpreter::execute_for(const Node& node) {
  if (node.has_token("async")) refuse(place(node), "`async for` is not supported");
  const Node& right = *node.child("right");
  const Next next = iterate(evaluate(right), place(right));
  while (auto item = next()) {
    step(node);
    assign(*node.child("left"), std::move(*item));
    const Flow flow = execute_block(*node.child("body"));
    if (flow == Flow::Break) return Flow::Normal;
    if (flow == Flow::Return) return flow;
  }
  if (const Node* otherwise = node.child("alternative")) {
    return execute_block(*otherwise->child("body"));
  }
  return Flow::Normal;
}

Interpreter::Flow Interpreter::execute_while(const Node& node) {
  const Node& condition = *node.child("condition");
  while (truth(evaluate(condition), place(condition))) {
    step(node);
    const Flow flow = execute_block(*node.child("body"));
    if (flow == Flow::Break) return Flow::Normal;
    if (flow == Flow::Return) return flow;
  }
  if (const Node* otherwise = node.child("alternative")) {
    return execute_block(*otherwise->child("body"));
  }
  return Flow::Normal;
}

Interpreter::Flow Interpreter::execute_try(const Node& node) {
  const Node* otherwise = nullptr;
  const Node* last = nullptr;
  for (const Node* child : node.children) {
    if (child->kind == Kind::Else) otherwise = child->child("body");
    if (child->kind == Kind::Finally) last = child->named().front();
    if (child->type == "except_group_clause") refuse(place(*child), "`except*` is not supported");
  }
  // An Error passes by: nothing that Python would still run can make the file understood.
  Flow flow = Flow::Normal;
  std::optional<Raised> pending;
  try {
    std::optional<Raised> caught;
    try {
      flow = execute_block(*node.child("body"));
    } catch (const Raised& raised) {
      caught = raised;
    }
    if (caught) {
      bool handled = false;
      flow = execute_handlers(node, *caught, handled);
      if (!handled) pending = std::move(caught);
    } else if (flow == Flow::Normal && otherwise != nullptr) {
      flow = execute_block(*otherwise);
    }
  } catch (const Raised& raised) {
    pending = raised;
  }
  if (last != nullptr) {
    Value result = frame_->result;
    const Flow ended = execute_block(*last);
    if (ended != Flow::Normal) return ended;  // `return` in finally swallows the exception
    frame_->result = std::move(result);
  }
  if (pending) throw Raised(*pending);
  return flow;
}

Interpreter::Flow Interpreter::execute_handlers(const Node& node, const Raised& raised,
                                                bool& handled) {
  for (const Node* clause : node.children) {
    if (clause->kind != Kind::Except) continue;
    const Node* type = nullptr;
    const Node* target = nullptr;
    const Node* body = nullptr;
    for (const Node* part : clause->named()) {
      if (part->kind == Kind::Block) {
        body = part;
      } else if (part->kind == Kind::AsPattern) {
        type = part->named().front();
        target = part->child("alias")->named().front();
      } else if (type == nullptr) {
        type = part;
      } else {
        refuse(place(*part), "`except X, name:` is Python 2", "Only Python 3 is read.");
      }
    }
    if (type != nullptr && !catches(evaluate(*type), raised.exception, place(*type))) continue;
    handled = true;
    if (target != nullptr) assign(*target, raised.exception);
    struct Restore {
      std::optional<Raised>& slot;
      std::optional<Raised> before;
      Restore(std::optional<Raised>& where, const Raised& now) : slot(where), before(where) {
        slot = now;
      }
      ~Restore() { slot = std::move(before); }
      Restore(const Restore&) = delete;
      Restore& operator=(const Restore&) = delete;
    };
    const Restore restore(frame_->handled, raised);
    const Flow flow = execute_block(*body);
    if (target != nullptr) frame_->scope->names.erase(std::string(source(*target)));
    return flow;
  }
  return Flow::Normal;
}

bool Interpreter::catches(const Value& type, const Value& exception, const Place& place) {
  if (const auto* tuple = type.get_if<Tuple>()) {
    return std::any_of(tuple->items->begin(), tuple->items->end(),
                       [&](const Value& one) { return catches(one, exception, place); });
  }
  const auto* instance = exception.get_if<std::shared_ptr<Instance>>();
  if (const auto* known = type.get_if<std::shared_ptr<Class>>()) {
    if ((*known)->builtin && (*known)->name == "BaseException") return true;
    const bool all = (*known)->builtin && (*known)->name == "Exception";
    if (all && instance == nullptr) return true;
    if (all && is_opaque(*(*instance)->type)) return true;
    if (instance != nullptr) {
      if (is_subclass(*(*instance)->type, **known)) return true;
      if (!is_opaque(*(*instance)->type)) return false;
    }
  } else if (const auto* symbol = type.get_if<Symbol>()) {
    // A library's class catches none of Python's own exceptions.
    if (instance != nullptr && !is_opaque(*(*instance)->type)) return false;
    if (const Term* term = exception.term();
        term != nullptr && term->object == nullptr && term->callee == symbol->path) {
      return true;
    }
    const auto* raised = exception.get_if<Symbol>();
    if (raised != nullptr && raised->path == symbol->path) return true;
  }
  refuse(place, fmt::format("cannot tell whether `except {}` catches `{}` without running the app",
                            describe(type), describe(exception)));
}

Interpreter::Flow Interpreter::execute_with(const Node& node, const std::vector<const Node*>& items,
                                            std::size_t at) {
  if (at == items.size()) return execute_block(*node.child("body"));
  const Node* item = items[at];
  if (item->kind == Kind::WithItem) item = item->child("value");
  // `with (a as b, c as d):` comes as a tuple, `with (a as b):` in parentheses
  while (item->kind == Kind::Parenthesized) item = item->named().front();
  if (item->kind == Kind::Tuple &&
      std::any_of(item->children.begin(), item->children.end(),
                  [](const Node* part) { return part->kind == Kind::AsPattern; })) {
    std::vector<const Node*> all = item->named();
    all.insert(all.end(), items.begin() + static_cast<std::ptrdiff_t>(at) + 1, items.end());
    return execute_with(node, all, 0);
  }
  const Deeper deeper(*this, node);
  const Node* target = nullptr;
  if (item->kind == Kind::AsPattern) {
    target = item->child("alias")->named().front();
    item = item->named().front();
  }
  const Value manager = evaluate(*item);
  const Place where = place(*item);
  if (!is_symbolic(manager)) {
    const auto enter = find(manager, "__enter__", where);
    const auto leave = find(manager, "__exit__", where);
    if (!enter || !leave) {
      raise("TypeError",
            fmt::format("'{}' object does not support the context manager protocol",
                        type_name(manager)),
            where);
    }
    Value entered = call(*enter, {}, where);
    if (target != nullptr) assign(*target, std::move(entered));
    Flow flow = Flow::Normal;
    std::optional<Raised> raised;
    try {
      flow = execute_with(node, items, at + 1);
    } catch (const Raised& passing) {
      raised = passing;
    }
    Arguments arguments;
    arguments.positional.assign(3, Value());
    if (raised) {
      const auto* instance = raised->exception.get_if<std::shared_ptr<Instance>>();
      if (instance != nullptr) arguments.positional[0] = (*instance)->type;
      arguments.positional[1] = raised->exception;
    }
    const Value swallowed = call(*leave, std::move(arguments), where);
    if (raised && !truth(swallowed, where)) throw Raised(*raised);
    return flow;
  }
  const auto entered = host_.enter(manager, where);
  struct Leave {
    Host& host;
    const Value& manager;
    const Place& where;
    bool done = false;
    Leave(Host& a_host, const Value& a_manager, const Place& a_where)
        : host(a_host), manager(a_manager), where(a_where) {}
    Leave(const Leave&) = delete;
    Leave& operator=(const Leave&) = delete;
    ~Leave() {
      if (done) return;
      try {
        host.leave(manager, where);
      } catch (...) {  // the exception that passes is the one to tell of
        done = true;
      }
    }
  } leave(host_, manager, where);
  if (target != nullptr) assign(*target, entered ? *entered : manager);
  const Flow flow = execute_with(node, items, at + 1);
  leave.done = true;
  host_.leave(manager, where);
  return flow;
}

void Interpreter::execute_raise(const Node& node) {
  const Node* what = nullptr;
  for (const Node* part : node.named()) {
    if (part->field != "cause") what = part;
  }
  if (what == nullptr) {
    if (frame_->handled) throw Raised(*frame_->handled);
    raise("RuntimeError", "No active exception to reraise", place(node));
  }
  Value exception = evaluate(*what);
  if (const auto* type = exception.get_if<std::shared_ptr<Class>>()) {
    exception = instantiate(*type, {}, place(node));
  }
  const auto* instance = exception.get_if<std::shared_ptr<Instance>>();
  const bool valid = instance != nullptr
                         ? is_subclass(*(*instance)->type, *builtin_class("BaseException")) ||
                               is_opaque(*(*instance)->type)
                         : is_symbolic(exception);
  if (!valid) raise("TypeError", "exceptions must derive from BaseException", place(node));
  throw Raised{std::move(exception), place(node)};
}

void Interpreter::execute_assert(const Node& node) {
  const auto parts = node.named();
  if (truth(evaluate(*parts.front()), place(*parts.front()))) return;
  if (parts.size() == 1) raise("AssertionError", std::string(), place(node));
  raise("AssertionError", evaluate(*parts[1]), place(node));
}

void Interpreter::poison(const Node& statement, const Error& error) {
  const auto shared = std::make_shared<const Error>(error);
  std::vector<const Node*> open{&statement};
  const auto mark = [&](const Node& name) {
    frame_->scope->names[std::string(source(name))] = {Value(), place(statement), shared};
  };
  // Names that are bound, not those that are only read: what stands at the left of something.
  const auto targets = [&](const Node& left) {
    std::vector<const Node*> inner{&left};
    while (!inner.empty()) {
      const Node& node = *inner.back();
      inner.pop_back();
      if (node.kind == Kind::Identifier) mark(node);
      const bool pattern = node.kind == Kind::PatternList || node.kind == Kind::TuplePattern ||
                           node.kind == Kind::ListPattern || node.kind == Kind::Tuple ||
                           node.kind == Kind::ListDisplay || node.kind == Kind::ListSplatPattern ||
                           node.kind == Kind::AsPatternTarget;
      if (pattern) inner.insert(inner.end(), node.children.begin(), node.children.end());
      // `a["x"] = ...` and `a.x = ...` leave `a` half made
      const Node* object = &node;
      while (object->kind == Kind::Subscript || object->kind == Kind::AttributeAccess) {
        object = object->child(object->kind == Kind::Subscript ? "value" : "object");
        if (object->kind == Kind::Identifier) mark(*object);
      }
    }
  };
  while (!open.empty()) {
    const Node& node = *open.back();
    open.pop_back();
    if (const Node* left = node.child("left")) {
      if (node.kind != Kind::Binary && node.kind != Kind::Boolean) targets(*left);
    }
    if (node.kind == Kind::AsPattern) targets(*node.child("alias"));
    if (node.kind == Kind::Named) mark(*node.child("name"));
    if (node.kind == Kind::Definition || node.kind == Kind::ClassDefinition) {
      mark(*node.child("name"));
      continue;
    }
    if (node.kind == Kind::AliasedImport) {
      mark(*node.child("alias"));
      continue;
    }
    if (node.kind == Kind::DottedName && node.field == "name") mark(*node.children.front());
    open.insert(open.end(), node.children.begin(), node.children.end());
  }
}

void Interpreter::execute_top_level() {
  const Node& root = current_module()->tree->root();
  // Whether a statement does something but bind names: then its failure may not be put off.
  const auto has_effect = [](const Node& statement) {
    std::vector<const Node*> open{&statement};
    while (!open.empty()) {
      const Node& node = *open.back();
      open.pop_back();
      if (node.kind == Kind::Definition || node.kind == Kind::ClassDefinition) continue;
      if (node.kind == Kind::Raise || node.kind == Kind::Assert || node.kind == Kind::Delete ||
          node.type == "print_statement" || node.type == "exec_statement") {
        return true;
      }
      if (node.kind == Kind::ExpressionStatement && !is_docstring(node) &&
          node.children.front()->kind != Kind::Assignment &&
          node.children.front()->kind != Kind::AugmentedAssignment) {
        return true;
      }
      open.insert(open.end(), node.children.begin(), node.children.end());
    }
    return false;
  };
  bool first = true;
  for (const Node* statement : root.children) {
    if (statement->kind == Kind::Token) continue;
    if (std::exchange(first, false) && is_docstring(*statement)) {
      bind("__doc__", evaluate(*statement->children.front()), place(*statement));
      continue;
    }
    try {
      execute(*statement);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood || steps_ > bounds_.steps ||
          has_effect(*statement)) {
        throw;
      }
      poison(*statement, error);
    } catch (const Raised& raised) {
      if (has_effect(*statement)) throw;
      poison(*statement, Error(Reason::NotUnderstood,
                               fmt::format("the code raises {}", exception_text(raised.exception)),
                               "The migration would fail here too; correct it.", raised.place));
    }
  }
}

}  // namespace driftd::python

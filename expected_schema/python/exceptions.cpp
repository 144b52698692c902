// try, with, raise and assert: what an exception passes, and what it does not.
#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/at_end.h"
#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// Counts, for as long as it lives, what has still to be run when a block is left.
class Guarded {
 public:
  Guarded(std::size_t& count, bool one) : count_(count), one_(one ? 1 : 0) { count_ += one_; }
  ~Guarded() { count_ -= one_; }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

 private:
  std::size_t& count_;
  std::size_t one_;
};

}  // namespace

Interpreter::Flow Interpreter::execute_try(const Node& node) {
  const Node* otherwise = nullptr;
  const Node* last = nullptr;
  for (const Node* child : node.children) {
    if (child->kind == Kind::Else) otherwise = child->child("body");
    if (child->kind == Kind::Finally) last = child->named().front();
    if (child->type == "except_group_clause") refuse(place(*child), "`except*` is not supported");
  }
  // A handler that ends in `raise` lets pass what it caught.
  bool swallows = false;
  for (const Node* clause : node.children) {
    if (clause->kind != Kind::Except) continue;
    const Node* body = nullptr;
    for (const Node* part : clause->named()) {
      if (part->kind == Kind::Block) body = part;
    }
    const auto statements = body == nullptr ? std::vector<const Node*>() : body->named();
    swallows = swallows || statements.empty() || statements.back()->kind != Kind::Raise;
  }
  Trying trying;
  if (swallows) trying_.push_back(&trying);
  const auto leave = [&] {
    if (!trying_.empty() && trying_.back() == &trying) trying_.pop_back();
  };
  const AtEnd left([&] {
    leave();
    close_regions(trying.regions, 0);
  });
  const Guarded guarded(guards_, last != nullptr);
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
    leave();
    if (!caught && trying.raised) {
      const Maybe handled = maybe(trying.why, [&] {
        bool taken = false;
        const Flow ended_by = execute_handlers(node, *trying.raised, taken);
        if (!taken) throw Raised(*trying.raised);
        return ended_by;
      });
      lingering(handled.flow, trying.why);
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
    const Term* made = exception.term();
    const bool by_name = raised != nullptr || (made != nullptr && made->object == nullptr);
    if (by_name) {
      const auto takes =
          host_.takes_exception(symbol->path, raised != nullptr ? raised->path : made->callee);
      if (takes) return *takes;
    }
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
  if (manager.unknown() != nullptr) {
    if (target != nullptr) assign(*target, manager);
    return execute_with(node, items, at + 1);
  }
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
    const Guarded guarded(guards_, true);
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
  const Guarded guarded(guards_, true);
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
                         : is_symbolic(exception) || exception.unknown() != nullptr;
  if (!valid) raise("TypeError", "exceptions must derive from BaseException", place(node));
  throw Raised{std::move(exception), place(node), true};
}

void Interpreter::execute_assert(const Node& node) {
  const auto parts = node.named();
  Why why;
  const auto holds = known_truth(evaluate(*parts.front()), place(*parts.front()), why);
  if (!holds) {
    // The migration was applied: it held, if nobody caught that it did not.
    const Value exception = make_instance(builtin_class("AssertionError"));
    may_have_raised({exception, place(node)}, why);
    return;
  }
  if (*holds) return;
  if (parts.size() == 1) raise("AssertionError", std::string(), place(node));
  raise("AssertionError", evaluate(*parts[1]), place(node));
}

}  // namespace driftd::python

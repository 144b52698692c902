#include "expected_schema/python/generators.h"

#include <utility>

namespace driftd::python {
namespace {

constexpr std::size_t most_at_once = 64;

}  // namespace

Coroutine::Coroutine(Interpreter& interpreter, std::function<Value()> body)
    : interpreter_(interpreter), body_(std::move(body)) {}

Coroutine::~Coroutine() {
  abandon();
}

void Coroutine::hand_over(Turn turn) {
  {
    const std::scoped_lock lock(mutex_);
    turn_ = turn;
  }
  changed_.notify_all();
}

void Coroutine::wait_for(Turn turn) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return turn_ == turn; });
}

void Coroutine::start() {
  thread_ = std::thread([this] {
    wait_for(Turn::Inside);
    const Watching watching(interpreter_.watched());
    try {
      result_ = body_();
    } catch (const Abandoned&) {
      item_.reset();
    } catch (...) {
      error_ = std::current_exception();
    }
    done_ = true;
    body_ = nullptr;
    hand_over(Turn::Outside);
  });
}

std::optional<Value> Coroutine::resume(const Place& place, std::optional<Raised> thrown) {
  if (done_) {
    if (thrown) throw Raised(*thrown);
    return std::nullopt;
  }
  if (interpreter_.runs(this)) {
    interpreter_.raise("ValueError", "generator already executing", place);
  }
  if (!thread_.joinable()) {
    if (thrown) throw Raised(*thrown);  // it has not begun
    if (!interpreter_.may_have_another(this, most_at_once)) {
      refuse(place, "more than 64 generators at once are not supported");
    }
    start();
  }
  thrown_ = std::move(thrown);
  {
    const Interpreter::Suspended outer(interpreter_, this);
    outer_regions_ = interpreter_.regions_.size();
    outer_tries_ = interpreter_.trying_.size();
    if (frame_ != nullptr) interpreter_.frame_ = frame_;
    interpreter_.depth_ += depth_;
    interpreter_.guards_ += guards_;
    interpreter_.trying_.insert(interpreter_.trying_.end(), tries_.begin(), tries_.end());
    hand_over(Turn::Inside);
    wait_for(Turn::Outside);
    frame_ = interpreter_.frame_;
    depth_ = interpreter_.depth_ - outer.depth();
    guards_ = interpreter_.guards_ - outer.guards();
    const auto own = interpreter_.trying_.begin() + static_cast<std::ptrdiff_t>(outer_tries_);
    tries_.assign(own, interpreter_.trying_.end());
    interpreter_.trying_.erase(own, interpreter_.trying_.end());
  }
  if (done_) thread_.join();
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  if (!done_ && interpreter_.regions_.size() > outer_regions_) {
    refuse(place, "a `yield` that may or may not have run is not supported");
  }
  return std::exchange(item_, std::nullopt);
}

void Coroutine::yield(Value item, const Place&) {
  item_ = std::move(item);
  hand_over(Turn::Outside);
  wait_for(Turn::Inside);
  if (abandoned_) throw Abandoned();
  if (thrown_) throw Raised(*std::exchange(thrown_, std::nullopt));
}

void Coroutine::abandon() {
  if (!thread_.joinable()) return;
  if (!done_) {
    const Interpreter::Suspended outer(interpreter_, this);
    if (frame_ != nullptr) interpreter_.frame_ = frame_;
    interpreter_.depth_ += depth_;
    interpreter_.trying_.insert(interpreter_.trying_.end(), tries_.begin(), tries_.end());
    interpreter_.left_open_ = interpreter_.left_open_ || guards_ > 0;
    abandoned_ = true;
    hand_over(Turn::Inside);
    wait_for(Turn::Outside);
    interpreter_.trying_.resize(std::min(interpreter_.trying_.size(), outer.tries()));
  }
  thread_.join();
}

Interpreter::Suspended::Suspended(Interpreter& interpreter, Coroutine* inner)
    : interpreter_(interpreter),
      frame_(interpreter.frame_),
      depth_(interpreter.depth_),
      guards_(interpreter.guards_),
      tries_(interpreter.trying_.size()) {
  interpreter_.running_.push_back(inner);
}

Interpreter::Suspended::~Suspended() {
  interpreter_.running_.pop_back();
  interpreter_.frame_ = frame_;
  interpreter_.depth_ = depth_;
  interpreter_.guards_ = guards_;
}

bool Interpreter::runs(const Coroutine* coroutine) const {
  return std::ranges::find(running_, coroutine) != running_.end();
}

bool Interpreter::may_have_another(Coroutine* coroutine, std::size_t most) {
  std::size_t begun = 0;
  std::erase_if(coroutines_, [](const auto& weak) { return weak.expired(); });
  for (const auto& weak : coroutines_) {
    const auto one = weak.lock();
    if (one && one.get() != coroutine && one->begun()) ++begun;
  }
  return begun < most;
}

Value Interpreter::make_generator(std::function<Value()> body) {
  auto coroutine = std::make_shared<Coroutine>(*this, std::move(body));
  coroutines_.push_back(coroutine);
  const auto instance = make_instance(builtin_class("generator"));
  instance->coroutine = coroutine;
  instance->next = [coroutine, this] { return coroutine->resume(here_); };
  return instance;
}

Value Interpreter::yield(const Node& node) {
  if (running_.empty()) refuse(place(node), "`yield` outside of a function");
  Coroutine& coroutine = *running_.back();
  const auto parts = node.named();
  if (!node.has_token("from")) {
    coroutine.yield(parts.empty() ? Value() : evaluate(*parts.front()), place(node));
    return {};
  }
  const Value source = evaluate(*parts.front());
  const Next next = iterate(source, place(node));
  while (auto item = next()) {
    step(node);
    if (may_be_absent(*item)) refuse(place(node), "`yield from` of unknown items is not supported");
    coroutine.yield(std::move(*item), place(node));
  }
  const auto* instance = source.get_if<std::shared_ptr<Instance>>();
  return instance != nullptr && (*instance)->coroutine ? (*instance)->coroutine->result() : Value();
}

/// contextlib.contextmanager: what stands before the `yield` is the beginning of the `with`, what
/// stands behind it the end.
Value Interpreter::context_manager(const Value& function) {
  const auto make = [function](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Value made = it.call(function, std::move(arguments), place);
    const auto* instance = made.get_if<std::shared_ptr<Instance>>();
    if (instance == nullptr || !(*instance)->coroutine) {
      it.raise("TypeError", "the function of a context manager does not yield", place);
    }
    const auto coroutine = (*instance)->coroutine;
    const auto manager = it.make_instance(it.builtin_class("generator"));
    const auto add = [&](const char* name, Native native) {
      auto method = make_function();
      method->name = name;
      method->native = std::move(native);
      manager->set(name, method);
    };
    add("__enter__", [coroutine](Interpreter& in, const Arguments&, const Place& where) -> Value {
      if (auto item = coroutine->resume(where)) return std::move(*item);
      in.raise("RuntimeError", "generator didn't yield", where);
    });
    add("__exit__", [coroutine](Interpreter& in, Arguments given, const Place& where) -> Value {
      const bool raised = given.positional.size() > 1 && !given.positional[1].is_none();
      const auto item = raised ? coroutine->resume(where, Raised{given.positional[1], where})
                               : coroutine->resume(where);
      if (item) in.raise("RuntimeError", "generator didn't stop", where);
      return raised;  // it ended, so that it has taken the exception
    });
    return manager;
  };
  auto changed = make_function();
  const auto* known = function.get_if<std::shared_ptr<Function>>();
  changed->name = known != nullptr ? (*known)->name : "context manager";
  changed->native = make;
  return changed;
}

}  // namespace driftd::python

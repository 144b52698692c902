#include "expected_schema/python/interpreter.h"

#include <fmt/format.h>

#include "expected_schema/python/generators.h"

namespace driftd::python {

void refuse(const Place& place, std::string message, std::string hint) {
  if (hint.empty()) {
    hint =
        "Write out what this gives as literals, so that it can be read without "
        "running it.";
  }
  throw Error(Reason::NotUnderstood, std::move(message), std::move(hint), place);
}

Interpreter::Interpreter(Evaluator& evaluator, Host& host, Bounds bounds)
    : evaluator_(evaluator), host_(host), bounds_(bounds) {
  outermost_.module = std::make_shared<Module>();
  outermost_.scope = make_scope(Scope::Kind::Module, nullptr);
  outermost_.module->scope = outermost_.scope;
  frame_ = &outermost_;
  const Watching watching(watched_);
  add_builtins();
}

Interpreter::~Interpreter() {
  for (const auto& weak : coroutines_) {
    if (const auto coroutine = weak.lock()) coroutine->abandon();
  }
  watched_.cut();
}

Interpreter::Enter::Enter(Interpreter& interpreter, Frame& frame)
    : interpreter_(interpreter), before_(interpreter.frame_) {
  interpreter_.frame_ = &frame;
}
Interpreter::Enter::~Enter() {
  interpreter_.frame_ = before_;
}

Interpreter::Deeper::Deeper(Interpreter& interpreter, const Place& place)
    : interpreter_(interpreter) {
  if (interpreter_.depth_ >= interpreter_.bounds_.depth) {
    refuse(place,
           fmt::format("calls and expressions are nested more than {} deep",
                       interpreter_.bounds_.depth),
           "Check for a function that calls itself without end, or split the expression.");
  }
  ++interpreter_.depth_;
}
Interpreter::Deeper::Deeper(Interpreter& interpreter, const Node& node)
    : Deeper(interpreter,
             interpreter.depth_ >= interpreter.bounds_.depth ? interpreter.place(node) : Place{}) {}

void Interpreter::step(const Place& place) {
  // To declarations it is of no interest what ends with a generator.
  if (left_open_ && !host_.reads_class_bodies()) {
    refuse(place, "a generator was let go before its `finally` or `with` had ended");
  }
  if (++steps_ > bounds_.steps) {
    refuse(place, fmt::format("the code has not ended after {} steps", bounds_.steps),
           "Check for a loop without end; move the handling of data elsewhere.");
  }
}

void Interpreter::step(const Node& node) {
  if (++steps_ > bounds_.steps || left_open_) step(place(node));
}

void Interpreter::charge(std::size_t bytes, const Place& place) {
  if (bytes > bounds_.memory || memory_ > bounds_.memory - bytes) {
    refuse(place,
           fmt::format("the code makes more than {} MiB of text and items",
                       bounds_.memory / (1024U * 1024U)),
           "Move the handling of data elsewhere.");
  }
  memory_ += bytes;
}

std::shared_ptr<Scope> Interpreter::make_scope(Scope::Kind kind, std::shared_ptr<Scope> parent) {
  auto scope = std::make_shared<Scope>();
  scope->kind = kind;
  scope->serial = ++serial_;
  scope->parent = std::move(parent);
  watched_.scopes.add(scope);
  return scope;
}

std::shared_ptr<Instance> Interpreter::make_instance(std::shared_ptr<Class> type) {
  auto instance = std::make_shared<Instance>();
  instance->type = std::move(type);
  watched_.instances.add(instance);
  return instance;
}

std::shared_ptr<Class> Interpreter::make_class(std::string name) {
  auto type = std::make_shared<Class>();
  type->name = std::move(name);
  watched_.classes.add(type);
  return type;
}

std::shared_ptr<Module> Interpreter::load(const std::string& name, const std::string& file,
                                          std::string_view text) {
  auto loaded = std::make_shared<Module>();
  loaded->name = name;
  loaded->file = file;
  loaded->tree = std::make_shared<const Tree>(file, text);
  loaded->scope = make_scope(Scope::Kind::Module, nullptr);
  modules_[name] = loaded;  // before it runs: modules may import each other
  const Place start{file, 1, 1};
  loaded->scope->names["__name__"] = {Value(name), start, nullptr};
  loaded->scope->names["__doc__"] = {Value(), start, nullptr};
  loaded->scope->names["__file__"] = {Value(file), start, nullptr};
  Frame frame{loaded, loaded->scope, {}, {}, {}, {}, {}};
  const Enter enter(*this, frame);
  const Deeper deeper(*this, start);
  execute_top_level();
  return loaded;
}

Value Interpreter::builtin(std::string_view name) const {
  const auto found = builtins_.find(name);
  return found == builtins_.end() ? Value() : found->second;
}

std::shared_ptr<Class> Interpreter::builtin_class(std::string_view name) const {
  const auto found = builtins_.find(name);
  if (found != builtins_.end()) {
    if (const auto* type = found->second.get_if<std::shared_ptr<Class>>()) return *type;
  }
  throw Error(Reason::Internal, fmt::format("no builtin class `{}`", name));
}

void Interpreter::raise(std::string_view type, Value argument, const Place& place) {
  auto exception = make_instance(builtin_class(type));
  exception->payload = tuple_of({argument});
  exception->set("args", tuple_of({std::move(argument)}));
  throw Raised{Value(exception), place};
}

std::string Interpreter::exception_text(const Value& exception) {
  const auto* instance = exception.get_if<std::shared_ptr<Instance>>();
  if (instance == nullptr) return describe(exception);
  std::string shown;
  try {
    shown = text(exception, here_);
  } catch (const Error&) {
    shown = repr(exception);  // only a message: what cannot be told is shown as it stands
  }
  const std::string& name = (*instance)->type->name;
  return shown.empty() ? name : name + ": " + shown;
}

}  // namespace driftd::python

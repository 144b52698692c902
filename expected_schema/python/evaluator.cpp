#include "expected_schema/python/evaluator.h"

#include <fmt/format.h>

#include <utility>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

void raise(std::string type, std::string message, const Place& place) {
  Arguments arguments;
  arguments.positional.emplace_back(std::move(message));
  throw Raised{
      std::make_shared<const Term>(Term{std::move(type), nullptr, std::move(arguments), place}),
      place, true};
}

RaisedOnPurpose::RaisedOnPurpose(const std::string& exception, const Place& place)
    : Error(Reason::NotUnderstood, fmt::format("the code raises {}", exception),
            "It would fail here when it runs, too; correct it, or what it is given.", place),
      exception_(exception) {}

std::optional<Host::Source> Host::module_source(const std::string&, const Place&) {
  return std::nullopt;
}
bool Host::reads_class_bodies() const {
  return false;
}
void Host::class_made(const Value&) {}
std::optional<Value> Host::class_attribute(Evaluator&, const Value&, const std::string&,
                                           const Value&, const Place&) {
  return std::nullopt;
}
std::optional<std::vector<std::string>> Host::names_within(const Value&) {
  return std::nullopt;
}

std::vector<Value> Host::classes_within(const Value&) {
  return {};
}
void Host::statement_failed(std::string_view, const Place&, const Error&) {}
bool Host::stays_symbol(const std::string&) {
  return false;
}
void Host::call_of_unknown(const std::string&, const Arguments&, const Place&) {}
bool Host::takes_assignment(const Value&, const std::string&, const Value&) {
  return false;
}
std::optional<bool> Host::is_none(const Value&) {
  return std::nullopt;
}
bool Host::is_construct(const Value&) {
  return false;
}
std::optional<bool> Host::takes_exception(const std::string&, const std::string&) {
  return std::nullopt;
}

std::optional<Value> Host::run_time_only(const Value&, const Place&) {
  return std::nullopt;
}
std::optional<Value> Host::call(Evaluator&, const Term&) {
  return std::nullopt;
}
std::optional<Value> Host::attribute(const Value&, const std::string&, const Place&) {
  return std::nullopt;
}
std::optional<Value> Host::subscript(const Value&, const Value&, const Place&) {
  return std::nullopt;
}
std::optional<bool> Host::truth(const Value&, const Place&) {
  return std::nullopt;
}
std::optional<std::vector<Value>> Host::items(const Value&, const Place&) {
  return std::nullopt;
}
std::optional<std::string> Host::text(const Value&, const Place&) {
  return std::nullopt;
}
std::optional<Value> Host::enter(const Value&, const Place&) {
  return std::nullopt;
}
void Host::leave(const Value&, const Place&) {}

struct Evaluator::State {
  State(Evaluator& evaluator, Host& host, Bounds bounds) : interpreter(evaluator, host, bounds) {}

  Interpreter interpreter;
  int entered = 0;  ///< calls of the evaluator that run, the host's calls of it included

  /// What an uncaught Python exception becomes. While Python code is running below the host, the
  /// exception goes on as it is, to the `except` that may catch it there.
  template <typename Work>
  auto guarded(Work work) {
    struct Count {
      int& entered;
      explicit Count(int& count) : entered(count) { ++entered; }
      ~Count() { --entered; }
      Count(const Count&) = delete;
      Count& operator=(const Count&) = delete;
    };
    const Count count(entered);
    const Watching watching(interpreter.watched());
    try {
      return work(interpreter);
    } catch (const Raised& raised) {
      if (entered > 1) throw;
      if (raised.meant) {
        throw RaisedOnPurpose(interpreter.exception_text(raised.exception), raised.place);
      }
      refuse(raised.place,
             fmt::format("the code raises {}", interpreter.exception_text(raised.exception)),
             "It would fail here when it runs, too; correct it, or what it is given.");
    }
  }
};

Evaluator::Evaluator(Host& host, Bounds bounds)
    : state_(std::make_unique<State>(*this, host, bounds)) {}
Evaluator::~Evaluator() = default;

std::shared_ptr<Module> Evaluator::load(const std::string& name, const std::string& file,
                                        std::string_view text) {
  return state_->guarded([&](Interpreter& it) { return it.load(name, file, text); });
}

std::optional<Value> Evaluator::global(const Module& module, const std::string& name) {
  const auto found = module.scope->names.find(name);
  if (found == module.scope->names.end()) return std::nullopt;
  if (found->second.poison) throw Error(*found->second.poison);
  return found->second.value;
}

Place Evaluator::place_of(const Module& module, const std::string& name) const {
  const auto found = module.scope->names.find(name);
  return found == module.scope->names.end() ? Place{module.file} : found->second.place;
}

Value Evaluator::call(const Value& callee, Arguments arguments, const Place& place) {
  return state_->guarded(
      [&](Interpreter& it) { return it.call(callee, std::move(arguments), place); });
}

Evaluator::LibraryObject Evaluator::library_object(const Value& type, Arguments arguments,
                                                   const Place& place) {
  return state_->guarded([&](Interpreter& it) -> LibraryObject {
    const auto made = it.make_instance(*type.get_if<std::shared_ptr<Class>>());
    const Value* init = find_attribute(*made->type, "__init__");
    if (init == nullptr) return {made, std::move(arguments)};
    it.call(it.bind_method(*init, made, place), std::move(arguments), place);
    LibraryObject result{made, std::nullopt};
    if (const Value* given = made->own(kPassedOn)) {
      const auto& noted = given->term()->arguments;
      result.passed_on = noted;
    }
    return result;
  });
}

std::optional<Value> Evaluator::own_attribute(const Value& object, const std::string& name) const {
  const auto* instance = object.get_if<std::shared_ptr<Instance>>();
  const Value* found = instance == nullptr ? nullptr : (*instance)->own(name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

void Evaluator::set_own_attribute(const Value& object, const std::string& name, Value value) {
  if (const auto* instance = object.get_if<std::shared_ptr<Instance>>()) {
    (*instance)->set(name, std::move(value));
  }
}

std::string Evaluator::docstring(const Module& module) const {
  const auto found = module.scope->names.find("__doc__");
  if (found == module.scope->names.end()) return {};
  const auto* text = found->second.value.get_if<std::string>();
  return text == nullptr ? std::string() : *text;
}

bool Evaluator::truth(const Value& value, const Place& place) {
  return state_->guarded([&](Interpreter& it) { return it.truth(value, place); });
}
std::vector<Value> Evaluator::items(const Value& value, const Place& place) {
  return state_->guarded([&](Interpreter& it) { return it.items(value, place); });
}
Value Evaluator::attribute(const Value& object, const std::string& name, const Place& place) {
  return state_->guarded([&](Interpreter& it) { return it.attribute(object, name, place); });
}
std::string Evaluator::text(const Value& value, const Place& place) {
  return state_->guarded([&](Interpreter& it) { return it.text(value, place); });
}

std::optional<Value> Evaluator::class_attribute(const Value& type, const std::string& name) const {
  const auto* known = type.get_if<std::shared_ptr<Class>>();
  const Value* found = known == nullptr ? nullptr : find_attribute(**known, name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

Value unknown(std::string what, const Place& place, std::string hint) {
  return std::make_shared<const Unknown>(
      Unknown{std::move(what), std::move(hint), place, std::nullopt, false});
}

std::shared_ptr<const Unknown> unknown_part(const Value& value) {
  return unknown_in(value);
}

bool Evaluator::discards(const Place& call) const {
  return state_->interpreter.discards(call);
}

std::shared_ptr<const Unknown> Evaluator::uncertain() const {
  return state_->interpreter.uncertain();
}

std::size_t Evaluator::uncertain_part() const {
  return state_->interpreter.uncertain_part();
}

std::string Evaluator::builtin_name(const Value& value) const {
  const auto* type = value.get_if<std::shared_ptr<Class>>();
  return type != nullptr && (*type)->builtin ? (*type)->name : std::string();
}

const std::string* Evaluator::text_of(const Value& value) const {
  return as_text(value);
}

bool Evaluator::is_enumeration(const Value& value) const {
  const auto* type = value.get_if<std::shared_ptr<Class>>();
  return type != nullptr && (*type)->is_enum;
}

std::optional<ClassBody> Evaluator::body_of(const Value& type) const {
  return state_->interpreter.body_of(type);
}

std::optional<Value> Evaluator::annotation_of(const Value& type, const std::string& name) {
  return state_->guarded([&](Interpreter& it) { return it.annotation_of(type, name); });
}

std::optional<Value> Evaluator::return_annotation(const Value& function) {
  const auto* found = function.get_if<std::shared_ptr<Function>>();
  if (found == nullptr || (*found)->node == nullptr) return std::nullopt;
  const Node* written = (*found)->node->child("return_type");
  if (written == nullptr) return std::nullopt;
  return state_->guarded([&](Interpreter& it) {
    const Tree& tree = *(*found)->module->tree;
    return it.annotation_text(tree.text(*written), (*found)->module, (*found)->closure,
                              tree.place(*written));
  });
}

std::vector<Value> Evaluator::bases(const Value& value) const {
  const auto* type = value.get_if<std::shared_ptr<Class>>();
  return type == nullptr ? std::vector<Value>() : (*type)->written_bases;
}

}  // namespace driftd::python

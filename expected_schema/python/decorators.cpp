#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

Value Interpreter::decorate(Value decorated, const Value& decorator, const Place& place) {
  const auto* symbol = decorator.get_if<Symbol>();
  const auto* function = decorated.get_if<std::shared_ptr<Function>>();
  static const std::vector<std::string> inert = {
      "functools.lru_cache",  "functools.cache", "functools.total_ordering", "enum.unique",
      "typing.no_type_check", "typing.final",    "abc.abstractmethod"};
  const std::string path = symbol != nullptr             ? symbol->path
                           : decorator.term() != nullptr ? decorator.term()->callee
                                                         : std::string();
  if (std::find(inert.begin(), inert.end(), path) != inert.end()) return decorated;
  if (path == "dataclasses.dataclass") {
    if (const auto* type = decorated.get_if<std::shared_ptr<Class>>()) {
      make_dataclass(*type, decorator, place);
      return decorated;
    }
  }
  if (path == "contextlib.contextmanager" && function != nullptr && symbol != nullptr) {
    return context_manager(decorated);
  }
  if (path == "functools.wraps" && function != nullptr && decorator.term() != nullptr &&
      decorator.term()->arguments.positional.size() == 1) {
    const auto& wrapped = decorator.term()->arguments.positional.front();
    if (const auto* known = wrapped.get_if<std::shared_ptr<Function>>()) {
      auto changed = make_function(**function);
      changed->name = (*known)->name;
      return changed;
    }
  }
  if (const auto* type = decorator.get_if<std::shared_ptr<Class>>(); type && (*type)->builtin) {
    if (function != nullptr) {
      auto changed = make_function(**function);
      if ((*type)->name == "staticmethod") changed->binds = Function::Binds::Nothing;
      if ((*type)->name == "classmethod") changed->binds = Function::Binds::Class;
      if ((*type)->name == "property") changed->binds = Function::Binds::Property;
      if (changed->binds != Function::Binds::Instance) return changed;
    }
  }
  if (!is_symbolic(decorator) && decorator.unknown() == nullptr) {
    Arguments arguments;
    arguments.positional.push_back(std::move(decorated));
    return call(decorator, std::move(arguments), place);
  }
  if (symbol != nullptr) {
    const Term term{symbol->path, nullptr, {{decorated}, {}}, place};
    auto answer = host_.call(evaluator_, term);
    if (answer && answer->unknown() == nullptr) return std::move(*answer);
  }
  if (symbol == nullptr && decorator.unknown() == nullptr && host_.reads_class_bodies()) {
    const Term term{std::string(Host::kDecorates),
                    std::make_shared<Value>(decorator),
                    {{decorated}, {}},
                    place};
    if (auto answer = host_.call(evaluator_, term)) return std::move(*answer);
  }
  // Known only when it is used: most decorated things of a migration never are.
  const std::string why = fmt::format("the decorator `@{}` is not supported", describe(decorator));
  if (function != nullptr) {
    auto changed = make_function(**function);
    changed->refusal = why;
    return changed;
  }
  if (const auto* type = decorated.get_if<std::shared_ptr<Class>>()) (*type)->refusal = why;
  return decorated;
}

}  // namespace driftd::python

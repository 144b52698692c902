#include "expected_schema/alembic/own_types.h"

#include <fmt/format.h>

#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/known_types.h"
#include "expected_schema/alembic/symbols.h"

namespace driftd::alembic {

using python::Term;
using python::Value;

const Value* class_in(const Value& value) {
  if (value.get_if<std::shared_ptr<python::Class>>() != nullptr) return &value;
  const Term* term = value.term();
  const bool made = term != nullptr && term->object &&
                    term->object->get_if<std::shared_ptr<python::Class>>() != nullptr;
  return made ? term->object.get() : nullptr;
}

std::optional<Type> type_of_class(const Value& value, const Emitter& emitter,
                                  const std::optional<std::string>& table_schema,
                                  const std::string& what) {
  const Value* type = class_in(value);
  if (type == nullptr) return std::nullopt;
  python::Evaluator& evaluator = emitter.evaluator();
  const Place& place = value.term() != nullptr ? value.term()->place : emitter.place();
  const python::Arguments* given = value.term() != nullptr ? &value.term()->arguments : nullptr;
  const auto self = [&] { return python::unknown("the type's own state", place); };
  const bool has_init = evaluator.class_attribute(*type, "__init__").has_value();
  if (const auto spec = evaluator.class_attribute(*type, "get_col_spec")) {
    python::Arguments arguments;
    arguments.positional.push_back(self());
    const Value sql = evaluator.call(*spec, std::move(arguments), place);
    if (const auto* text = text_in(sql)) return Type{*text, Affinity::Other, std::nullopt, false};
    not_understood(fmt::format("get_col_spec() of the type of {}", what), place);
  }
  if (const auto load = evaluator.class_attribute(*type, "load_dialect_impl")) {
    python::Arguments arguments;
    arguments.positional = {self(), symbol(kDialect)};
    const Value chosen = evaluator.call(*load, std::move(arguments), place);
    if (!python::unknown_part(chosen)) return type_of(chosen, emitter, table_schema, what);
  }
  const auto with_arguments = [&](const Value& base) {
    // TypeDecorator gives its own arguments to the type that it decorates.
    const auto* path = base.get_if<python::Symbol>();
    if (path == nullptr || given == nullptr || has_init) return base;
    return Value(std::make_shared<const Term>(Term{path->path, nullptr, *given, place}));
  };
  if (const auto impl = evaluator.class_attribute(*type, "impl")) {
    return type_of(with_arguments(*impl), emitter, table_schema, what);
  }
  for (const Value& base : evaluator.bases(*type)) {
    if (is_type_class(base, evaluator)) {
      if (class_in(base) == nullptr || given == nullptr) {
        return type_of(with_arguments(base), emitter, table_schema, what);
      }
      return type_of(Value(std::make_shared<const Term>(
                         Term{value.term()->callee, std::make_shared<Value>(base), *given, place})),
                     emitter, table_schema, what);
    }
  }
  return std::nullopt;
}

bool is_type_class(const Value& value, const python::Evaluator& evaluator) {
  if (const auto* path = value.get_if<python::Symbol>()) {
    const std::string name = short_name(path->path);
    return known_type(name) != nullptr || name == "TypeDecorator" || name == "UserDefinedType" ||
           name == "TypeEngine" || name == "Enum" || name == "postgresql.ENUM";
  }
  // TypeDecorator[Money]
  if (const auto* generic = value.get_if<std::shared_ptr<const python::Operation>>();
      generic != nullptr && (*generic)->op == "[]") {
    return is_type_class(*(*generic)->left, evaluator);
  }
  for (const Value& base : evaluator.bases(value)) {
    if (is_type_class(base, evaluator)) return true;
  }
  return false;
}

}  // namespace driftd::alembic

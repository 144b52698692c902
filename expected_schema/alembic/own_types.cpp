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

namespace {

/// The first of a library's types in the brackets of a class and of what it inherits from.
std::optional<Value> library_type_of(const Value& type, const python::Evaluator& evaluator) {
  for (const Value& base : evaluator.bases(type)) {
    if (!is_type_class(base, evaluator)) continue;
    if (class_in(base) == nullptr) return base;
    if (auto found = library_type_of(base, evaluator)) return found;
  }
  return std::nullopt;
}

/// What a TypeDecorator makes of the type that it decorates, which gets its own arguments.
Value with_arguments(const Value& base, const std::optional<python::Arguments>& given,
                     const Place& place) {
  if (!given) return base;
  if (const auto* path = base.get_if<python::Symbol>()) {
    return std::make_shared<const Term>(Term{path->path, nullptr, *given, place});
  }
  if (base.get_if<std::shared_ptr<python::Class>>() != nullptr) {
    return std::make_shared<const Term>(Term{"type", std::make_shared<Value>(base), *given, place});
  }
  return base;
}

}  // namespace

std::optional<Type> type_of_class(const Value& value, const Emitter& emitter,
                                  const std::optional<std::string>& table_schema,
                                  const std::string& what) {
  const Value* type = class_in(value);
  if (type == nullptr) return std::nullopt;
  python::Evaluator& evaluator = emitter.evaluator();
  const Place& place = value.term() != nullptr ? value.term()->place : emitter.place();
  // A class stands for an object that is made of it without arguments.
  const python::Arguments given =
      value.term() != nullptr ? value.term()->arguments : python::Arguments{};
  const auto made = evaluator.library_object(*type, given, place);
  const auto bound = [&](const Value& method, std::vector<Value> arguments) {
    arguments.insert(arguments.begin(), made.object);
    return evaluator.call(method, {std::move(arguments), {}}, place);
  };
  std::optional<Value> impl = evaluator.own_attribute(made.object, "impl");
  if (const auto of_class = evaluator.class_attribute(*type, "impl"); !impl && of_class) {
    // TypeDecorator's __init__ makes it.
    impl = with_arguments(*of_class, made.passed_on, place);
    evaluator.set_own_attribute(made.object, "impl", *impl);
  }
  if (impl) evaluator.set_own_attribute(made.object, "impl_instance", *impl);
  if (const auto spec = evaluator.class_attribute(*type, "get_col_spec")) {
    const Value sql = bound(*spec, {});
    if (const auto* text = text_in(sql)) return Type{*text, Affinity::Other, std::nullopt, false};
    not_understood(fmt::format("get_col_spec() of the type of {}", what), place);
  }
  if (const auto load = evaluator.class_attribute(*type, "load_dialect_impl")) {
    const Value chosen = bound(*load, {symbol(kDialect)});
    const Term* of_library = chosen.term();
    const bool own = of_library != nullptr && of_library->object && impl &&
                     of_library->callee == "load_dialect_impl" &&
                     of_library->object->get_if<std::shared_ptr<python::Instance>>() != nullptr;
    if (own) return type_of(*impl, emitter, table_schema, what);
    if (!python::unknown_part(chosen)) return type_of(chosen, emitter, table_schema, what);
  }
  if (impl) return type_of(*impl, emitter, table_schema, what);
  const auto library = library_type_of(*type, evaluator);
  if (!library) return std::nullopt;
  return type_of(with_arguments(*library, made.passed_on, place), emitter, table_schema, what);
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

#include "expected_schema/alembic/symbols.h"

namespace driftd::alembic {

using python::Symbol;
using python::Term;
using python::Value;

std::string short_name(std::string_view path) {
  constexpr std::string_view library = "sqlalchemy.";
  if (!path.starts_with(library)) return std::string(path);
  path.remove_prefix(library.size());
  constexpr std::string_view dialects = "dialects.";
  const std::size_t last = path.rfind('.');
  const std::string_view name = last == std::string_view::npos ? path : path.substr(last + 1);
  if (path.starts_with("dialects.postgresql")) return "postgresql." + std::string(name);
  if (path.starts_with(dialects)) return std::string(library) + std::string(path);
  if (path.starts_with("sql.functions.")) return "func." + std::string(name);
  for (const std::string_view function : {"func.", "sql.func.", "sql.expression.func."}) {
    if (path.starts_with(function)) return "func." + std::string(path.substr(function.size()));
  }
  return std::string(name);
}

std::string made_by(const Value& value) {
  if (const auto* symbol = value.get_if<Symbol>()) return short_name(symbol->path);
  if (const Term* term = value.term(); term != nullptr && term->object == nullptr) {
    return short_name(term->callee);
  }
  return {};
}

const Term* method_call(const Value& value, std::string_view method) {
  const Term* term = value.term();
  return term != nullptr && term->object != nullptr && term->callee == method ? term : nullptr;
}

const std::string* text_in(const Value& value) {
  return value.get_if<std::string>();
}

const std::vector<Value>* sequence_in(const Value& value) {
  if (const auto* list = value.get_if<python::List>()) return list->get();
  if (const auto* tuple = value.get_if<python::Tuple>()) return tuple->items.get();
  if (const auto* set = value.get_if<python::Set>()) return set->items.get();
  return nullptr;
}

}  // namespace driftd::alembic

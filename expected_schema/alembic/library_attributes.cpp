#include "expected_schema/alembic/library_attributes.h"

#include <algorithm>
#include <iterator>

#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/symbols.h"

namespace driftd::alembic {

using python::Symbol;
using python::Term;
using python::Value;

namespace {

template <std::size_t size>
bool is_one_of(std::string_view name, const std::string_view (&names)[size]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

const Value* argument(const Term& term, std::string_view name) {
  const Value* given = term.arguments.find(name);
  return given == nullptr || given->is_none() ? nullptr : given;
}

}  // namespace

std::optional<Value> library_attribute(const Value& object, const std::string& name,
                                       const Place& place) {
  const Term* term = object.term();
  if (term == nullptr || term->object || !term->callee.starts_with("sqlalchemy.")) {
    return std::nullopt;
  }
  const std::string maker = made_by(object);
  // Whatever it was bound to, there is the one database.
  if (name == "bind" && maker == "MetaData") return symbol(kConnection);
  if (name == "naming_convention" && maker == "MetaData") {
    if (const Value* given = argument(*term, name)) return *given;
    using Pairs = std::vector<std::pair<Value, Value>>;
    return Value(std::make_shared<Pairs>(
        Pairs{{Value(std::string("ix")), Value(std::string("ix_%(column_0_label)s"))}}));
  }
  if (name == "schema" && maker == "MetaData") {
    const Value* given = argument(*term, name);
    return given == nullptr ? Value() : *given;
  }
  if (maker == "Enum" || maker == "postgresql.ENUM") {
    if (name == "schema" && term->arguments.find("metadata") == nullptr) {
      const Value* given = argument(*term, name);
      return given == nullptr ? Value() : *given;
    }
    const auto& labels = term->arguments.positional;
    const bool texts =
        std::ranges::all_of(labels, [](const Value& one) { return text_in(one) != nullptr; });
    if (name == "enums" && texts && !labels.empty()) return python::list_of(labels);
  }
  (void)place;
  return std::nullopt;
}

bool is_flask_database(const Value& value) {
  const Term* term = value.term();
  return term != nullptr && !term->object &&
         (term->callee == "flask_sqlalchemy.SQLAlchemy" ||
          term->callee == "flask_sqlalchemy.extension.SQLAlchemy");
}

std::optional<Value> flask_attribute(const std::string& name) {
  static constexpr std::string_view of_orm[] = {
      "relationship", "backref", "dynamic_loader", "column_property", "deferred",
      "undefer",      "mapper",  "joinedload",     "lazyload",        "subqueryload",
      "synonym",      "aliased", "composite",      "reconstructor",   "validates"};
  static constexpr std::string_view functions[] = {
      "and_",    "or_",     "not_",   "text",        "select",    "insert",
      "update",  "delete",  "func",   "cast",        "case",      "desc",
      "asc",     "literal", "null",   "true",        "false",     "table",
      "column",  "join",    "exists", "type_coerce", "between",   "distinct",
      "extract", "event",   "union",  "outerjoin",   "bindparam", "literal_column"};
  if (name == "session") return symbol(kSession);
  if (name == "engine") return symbol(kConnection);
  if (name == "Model") return symbol("flask_sqlalchemy.model.Model");
  if (is_one_of(name, of_orm)) return symbol("sqlalchemy.orm." + name);
  const bool type = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
  if ((type && name != "Query") || is_one_of(name, functions)) return symbol("sqlalchemy." + name);
  return std::nullopt;
}

std::optional<std::string> passed_on(std::string_view path) {
  for (const std::string_view types : {"sqlmodel.sql.sqltypes.types", "sqlmodel.main.types"}) {
    if (path == types || (path.starts_with(types) && path[types.size()] == '.')) {
      return "sqlalchemy.types" + std::string(path.substr(types.size()));
    }
  }
  constexpr std::string_view library = "sqlmodel.";
  if (!path.starts_with(library)) return std::nullopt;
  const std::string_view name = path.substr(library.size());
  static constexpr std::string_view own[] = {"SQLModel", "Field",   "Relationship", "AutoString",
                                             "GUID",     "Session", "sql",          "main",
                                             "ext",      "pool",    "orm",          "default"};
  if (name.find('.') != std::string_view::npos || is_one_of(name, own)) return std::nullopt;
  return "sqlalchemy." + std::string(name);
}

}  // namespace driftd::alembic

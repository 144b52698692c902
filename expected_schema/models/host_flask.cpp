#include "expected_schema/models/host.h"

#include <algorithm>
#include <array>

#include "expected_schema/models/host_words.h"
#include "expected_schema/models/roles.h"

namespace driftd::models {

using python::Symbol;
using python::Term;

bool is_flask_path(std::string_view path) {
  return (path.starts_with("flask_sqlalchemy.") || path.starts_with("flask_sqlalchemy_lite.") ||
          path.starts_with("flask.ext.sqlalchemy.")) &&
         last_part(path) == "SQLAlchemy";
}

std::string path_in_sqlalchemy(const std::string& name) {
  static constexpr std::array<std::string_view, 24> orm = {
      "relationship",  "relation",       "backref",    "deferred",       "column_property",
      "validates",     "reconstructor",  "synonym",    "mapped_column",  "Mapped",
      "declared_attr", "aliased",        "joinedload", "contains_eager", "composite",
      "undefer",       "dynamic_loader", "registry",   "Query",          "query_expression",
      "selectinload",  "subqueryload",   "foreign",    "remote"};
  const bool mapped = std::ranges::find(orm, std::string_view(name)) != orm.end();
  return (mapped ? "sqlalchemy.orm." : "sqlalchemy.") + name;
}

bool is_flask_object(const Value& value, const python::Evaluator& evaluator) {
  const Term* term = value.term();
  if (term == nullptr) return false;
  if (!term->object) return is_flask_path(term->callee);
  const auto body = evaluator.body_of(*term->object);
  if (!body || term->callee != body->name) return false;
  return std::ranges::any_of(body->line, [&](const Value& type) {
    const auto bases = evaluator.bases(type);
    return std::ranges::any_of(bases, [](const Value& base) {
      const auto* symbol = base.get_if<Symbol>();
      return symbol != nullptr && is_flask_path(symbol->path);
    });
  });
}

/// What an application's own class of Flask-SQLAlchemy's object says of an attribute: a class or a
/// type that stands in it, or that its `__getattr__` gives.
std::optional<Value> Host::of_own_class(const Value& flask, const std::string& name,
                                        const Place& place) {
  const Term* made = flask.term();
  if (made == nullptr || !made->object) return std::nullopt;
  if (const auto own = evaluator_->class_attribute(*made->object, name)) {
    const bool method = own->get_if<std::shared_ptr<python::Function>>() != nullptr;
    return method ? std::nullopt : own;
  }
  const auto getter = evaluator_->class_attribute(*made->object, "__getattr__");
  if (!getter || path_in_sqlalchemy(name).starts_with("sqlalchemy.orm.")) return std::nullopt;
  if (is_one_of(name, {"Model", "Table", "metadata", "session", "engine"})) return std::nullopt;
  try {
    const Value given = evaluator_->call(*getter, {{flask, name}, {}}, place);
    if (given.get_if<std::shared_ptr<python::Class>>() != nullptr) return given;
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
  }
  return std::nullopt;
}

std::optional<Value> Host::flask_attribute(const Value& object, const std::string& name,
                                           const Place& place) {
  if (const auto own = of_own_class(object, name, place)) return own;
  if (name == "Model") {
    const Term* made = object.term();
    const Value* own = made->arguments.find("model_class");
    if (own != nullptr && own->get_if<Symbol>() != nullptr && !is_library_base(*own)) return *own;
    return Value(Symbol{std::string(kFlaskModel)});
  }
  if (name == "Table") return Value(Symbol{std::string(kFlaskTable)});
  if (is_one_of(name, {"metadata", "metadatas"})) return std::nullopt;
  if (is_one_of(name, {"session", "engine", "engines", "get_engine", "init_app", "create_all",
                       "drop_all", "reflect", "app", "get_or_404", "first_or_404", "paginate"})) {
    return python::unknown("what Flask-SQLAlchemy gives", place);
  }
  return Value(Symbol{path_in_sqlalchemy(name)});
}

}  // namespace driftd::models

#include <algorithm>
#include <iterator>

#include "expected_schema/alembic/answers.h"
#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/host.h"
#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/known_types.h"
#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/moments.h"
#include "expected_schema/alembic/symbols.h"

/// What can be told of a value that is not the source's own: its truth, its text, whether it is
/// None.
namespace driftd::alembic {

using python::Symbol;
using python::Term;
using python::Value;

namespace {

/// `str(sa.func.now())` and `str(sa.text("x"))`.
std::optional<std::string> text_of_expression(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object || !term->arguments.keyword.empty()) return std::nullopt;
  const std::string maker = made_by(value);
  const std::vector<Value>& given = term->arguments.positional;
  if (given.empty() && (maker == "func.now" || maker == "func.gen_random_uuid" ||
                        maker == "func.uuid_generate_v4")) {
    return maker.substr(5) + "()";
  }
  if (given.empty() && maker == "func.current_timestamp") return "CURRENT_TIMESTAMP";
  if (maker != "text" || given.size() != 1) return std::nullopt;
  const auto* text = text_in(given.front());
  const bool plain = text != nullptr && text->find_first_of(":\\%") == std::string::npos;
  return plain ? std::optional(*text) : std::nullopt;
}

/// The truth of `a == b` and `a != b` of SQLAlchemy: whether they are the same object.
std::optional<bool> truth_of_comparison(const Value& value) {
  const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>();
  if (operation == nullptr || !(*operation)->right) return std::nullopt;
  const std::string& op = (*operation)->op;
  if ((op != "==" && op != "!=") || column_name_of(*(*operation)->left).empty()) {
    return std::nullopt;
  }
  const Value& right = *(*operation)->right;
  // Another column may be the same one; a value of Python's never is.
  if (python::unknown_part(right) || right.term() != nullptr ||
      right.get_if<std::shared_ptr<const python::Attribute>>() != nullptr ||
      right.get_if<std::shared_ptr<const python::Operation>>() != nullptr) {
    const Term* made = right.term();
    const bool literal = made != nullptr && !made->object && made_by(right) != "column" &&
                         made_by(right) != "Column";
    if (!literal) return std::nullopt;
  }
  return op == "!=";
}

/// `isinstance(bind.dialect, PGDialect)`; nothing for another question.
std::optional<bool> is_of_dialect(const Value& question) {
  const Term* term = question.term();
  if (term == nullptr || term->callee != "builtins.isinstance" ||
      term->arguments.positional.size() != 2) {
    return std::nullopt;
  }
  const auto* asked = term->arguments.positional[0].get_if<Symbol>();
  const auto* type = term->arguments.positional[1].get_if<Symbol>();
  if (asked == nullptr || type == nullptr || asked->path != kDialect) return std::nullopt;
  const std::string name = type->path.substr(type->path.rfind('.') + 1);
  if (!type->path.starts_with("sqlalchemy.") || !name.ends_with("Dialect")) return std::nullopt;
  return name == "PGDialect" || name == "DefaultDialect" || name == "Dialect" ||
         type->path.find(".postgresql.") != std::string::npos;
}

/// `isinstance(constraint, sa.UniqueConstraint)` of constructs of the schema.
std::optional<bool> is_of_construct(const Value& question) {
  static constexpr std::string_view kinds[] = {"PrimaryKeyConstraint",
                                               "UniqueConstraint",
                                               "ForeignKeyConstraint",
                                               "CheckConstraint",
                                               "Index",
                                               "Table",
                                               "Column",
                                               "ForeignKey"};
  const Term* term = question.term();
  if (term == nullptr || term->callee != "builtins.isinstance" ||
      term->arguments.positional.size() != 2) {
    return std::nullopt;
  }
  const auto* type = term->arguments.positional[1].get_if<Symbol>();
  const std::string made = made_by(term->arguments.positional[0]);
  if (type == nullptr || term->arguments.positional[0].term() == nullptr) return std::nullopt;
  const std::string asked = short_name(type->path);
  if (std::ranges::find(kinds, made) == std::end(kinds)) return std::nullopt;
  if (asked == "Constraint") return made.ends_with("Constraint");
  if (std::ranges::find(kinds, asked) == std::end(kinds)) return std::nullopt;
  return asked == made;
}

/// `hasattr(bind, "dialect")`, whatever kind of connection it is.
bool has_of_connection(const Value& question) {
  const Term* term = question.term();
  if (term == nullptr || term->callee != "builtins.hasattr") return false;
  const auto* object = term->arguments.positional.front().get_if<Symbol>();
  const auto* name = text_in(term->arguments.positional.back());
  if (object == nullptr || object->path != kConnection || name == nullptr) return false;
  return *name == "dialect" || *name == "execute" || *name == "connect" || *name == "begin";
}

/// The name in `"NAME" in os.environ`, and in `not in`; null for another question.
const std::string* asked_of_environment(const Value& question) {
  const auto* operation = question.get_if<std::shared_ptr<const python::Operation>>();
  if (operation == nullptr || !(*operation)->right) return nullptr;
  const auto* of = (*operation)->right->get_if<Symbol>();
  const bool asks = (*operation)->op == "in" || (*operation)->op == "not in";
  return asks && of != nullptr && of->path == "os.environ" ? text_in(*(*operation)->left) : nullptr;
}

std::optional<bool> is_in_environment(const Value& question, const Surroundings& around) {
  const std::string* name = asked_of_environment(question);
  if (name == nullptr) return std::nullopt;
  const bool there = around.environment.contains(*name);
  if (!there && !around.environment_complete) return std::nullopt;
  const auto& operation = *question.get_if<std::shared_ptr<const python::Operation>>();
  return there == (operation->op == "in");
}

}  // namespace

const Value& root_of(const Value& value) {
  const Value* at = &value;
  while (true) {
    if (const Term* term = at->term(); term != nullptr && term->object) {
      at = term->object.get();
    } else if (const auto* attribute = at->get_if<std::shared_ptr<const python::Attribute>>()) {
      at = (*attribute)->object.get();
    } else if (const auto* operation = at->get_if<std::shared_ptr<const python::Operation>>()) {
      at = (*operation)->left.get();
    } else {
      return *at;
    }
  }
}

std::string path_of(const Value& value) {
  if (const auto* path = value.get_if<Symbol>()) return path->path;
  if (const Term* term = value.term(); term != nullptr && !term->object) return term->callee;
  return {};
}

std::optional<bool> Host::is_none(const Value& value) {
  if (is_result(value) || is_row(value) || reflections_.is_column(value)) return false;
  if (const auto* path = value.get_if<Symbol>()) {
    if (path->path.starts_with(kOperations) || path->path.starts_with("sqlalchemy.")) return false;
    // A type that is known here was imported, or the migration would not have run.
    if (known_type(path->path) != nullptr) return false;
  }
  // A construct of SQLAlchemy, as far as it is one call.
  const Term* term = value.term();
  if (term != nullptr && !term->object && term->callee.starts_with("sqlalchemy.")) return false;
  return std::nullopt;
}

std::optional<Value> Host::run_time_only(const Value& value, const Place& place) {
  if (const Term* asked = value.term(); asked != nullptr && asked->callee == "builtins.hasattr") {
    const auto* path = asked->arguments.positional.front().get_if<Symbol>();
    if (path != nullptr && path->path.starts_with("alembic.")) {
      return python::unknown("whether the driver has an attribute", place);
    }
  }
  if (const Term* asked = value.term(); asked != nullptr && !asked->object &&
                                        asked->callee.starts_with("builtins.") &&
                                        !asked->arguments.positional.empty()) {
    return run_time_only(asked->arguments.positional.front(), place);
  }
  if (const std::string* name = asked_of_environment(value)) {
    return python::unknown("the variable " + *name, place,
                           "Declare it in the settings, environment: {" + *name + ": value}.");
  }
  const std::string root = path_of(root_of(value));
  if (root == "os.environ") return python::unknown("the environment", place);
  if (root.starts_with(kUrl)) return url_text(place);
  if (is_library(root) || is_harmless(root)) {
    return python::unknown("what " + root + " gives", place);
  }
  return std::nullopt;
}

std::optional<bool> Host::truth(const Value& value, const Place& place) {
  if (is_result(value)) return true;
  if (is_row(value)) return true;
  if (const auto answer = is_of_dialect(value)) return answer;
  if (const auto answer = is_of_construct(value)) return answer;
  if (has_of_connection(value)) return true;
  if (const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>();
      operation != nullptr && (*operation)->op == "not" && (*operation)->left) {
    if (const auto inner = truth(*(*operation)->left, place)) return !*inner;
  }
  if (const auto answer = truth_of_comparison(value)) return answer;
  if (const auto answer = is_in_environment(value, around_)) return answer;
  if (const auto answer = reflections_.truth(value)) return answer;
  const auto* path = value.get_if<Symbol>();
  if (path == nullptr) return std::nullopt;
  if (path->path == kConnection || path->path == kContext || path->path == kSession) return true;
  return std::nullopt;
}

std::optional<std::string> Host::text(const Value& value, const Place&) {
  const Term* term = value.term();
  if (const auto text = text_of_expression(value)) return text;
  if (const auto text = text_of_moment(value)) return text;
  if (made_by(value) != "alembic.op.f" || term->arguments.positional.empty()) return std::nullopt;
  const auto* name = text_in(term->arguments.positional.front());
  return name == nullptr ? std::nullopt : std::optional(*name);
}

}  // namespace driftd::alembic

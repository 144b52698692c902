#include "expected_schema/models/host.h"

#include <algorithm>

#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/host_words.h"
#include "expected_schema/models/roles.h"

namespace driftd::models {

using python::Symbol;
using python::Term;

namespace {

/// Whether a name is one that sqlmodel only passes on.
bool is_passed_on(std::string_view name) {
  return !is_one_of(name, {"AutoString", "SQLModel", "Field", "Relationship", "Session", "select",
                           "create_engine"});
}

bool inherits_from_sqlalchemy(const Value& type, const python::Evaluator& evaluator) {
  const auto body = evaluator.body_of(type);
  return body && std::ranges::any_of(body->line, [&](const Value& one) {
           return std::ranges::any_of(evaluator.bases(one), [](const Value& base) {
             const auto* generic = base.get_if<std::shared_ptr<const python::Operation>>();
             const auto* symbol = (generic != nullptr ? *(*generic)->left : base).get_if<Symbol>();
             return symbol != nullptr && symbol->path.starts_with("sqlalchemy") &&
                    !last_part(symbol->path).starts_with("DeclarativeBase");
           });
         });
}

/// Whether it is a metaclass that makes models.
bool makes_classes(const Value& type, const python::Evaluator& evaluator) {
  const auto body = evaluator.body_of(type);
  return body && std::ranges::any_of(body->line, [&](const Value& one) {
           return std::ranges::any_of(evaluator.bases(one), [](const Value& base) {
             const auto* symbol = base.get_if<Symbol>();
             return symbol != nullptr && symbol->path.find("sqlalchemy") != std::string::npos &&
                    symbol->path.ends_with("Meta");
           });
         });
}

/// The only base that is no class of the source, where it is one that knows nothing of SQLAlchemy;
/// empty for another class.
std::string plain_base(const Value& type, const python::Evaluator& evaluator) {
  const auto body = evaluator.body_of(type);
  std::string found;
  for (std::size_t i = 0; body && i < body->line.size(); ++i) {
    for (const Value& base : evaluator.bases(body->line[i])) {
      if (base.get_if<std::shared_ptr<python::Class>>() != nullptr) continue;
      const Term* made = base.term();
      const auto* symbol = base.get_if<Symbol>();
      const std::string path = made != nullptr && !made->object ? made->callee
                               : symbol != nullptr              ? symbol->path
                                                                : std::string();
      if (!path.starts_with("collections.") && !path.starts_with("typing.")) return {};
      found = path;
    }
  }
  return found;
}

/// Whether only a metaclass of the source stands between the class and Python.
bool has_no_library_base(const Value& type, const python::Evaluator& evaluator) {
  const auto body = evaluator.body_of(type);
  return body && std::ranges::all_of(body->line, [&](const Value& one) {
           return std::ranges::all_of(evaluator.bases(one), [](const Value& base) {
             return base.get_if<std::shared_ptr<python::Class>>() != nullptr;
           });
         });
}

/// `@name.setter` of a hybrid_property: that itself.
std::optional<Value> with_setter(const Term& call) {
  const auto* part = call.object->get_if<std::shared_ptr<const python::Attribute>>();
  const Term* hybrid = part == nullptr ? nullptr : (*part)->object->term();
  const bool sets = call.callee == python::Host::kDecorates && hybrid != nullptr &&
                    last_part(hybrid->callee) == "hybrid_property" &&
                    is_one_of((*part)->name, {"setter", "deleter"});
  return sets ? std::optional(*(*part)->object) : std::nullopt;
}

void add_options(const Value& literal, std::vector<Value>& options) {
  const auto* generic = literal.get_if<std::shared_ptr<const python::Operation>>();
  const auto* symbol =
      generic == nullptr || !(*generic)->right ? nullptr : (*generic)->left->get_if<Symbol>();
  if (symbol == nullptr || last_part(symbol->path) != "Literal") {
    options.push_back(literal);
    return;
  }
  const auto* several = (*generic)->right->get_if<python::Tuple>();
  for (const Value& one :
       several == nullptr ? std::vector<Value>{*(*generic)->right} : *several->items) {
    add_options(one, options);
  }
}

/// `get_args(Literal["a", "b"])`
std::optional<Value> literal_options(const Term& call) {
  if (!call.callee.starts_with("typing") || last_part(call.callee) != "get_args" ||
      call.arguments.positional.size() != 1) {
    return std::nullopt;
  }
  const Value& asked = call.arguments.positional.front();
  const auto* generic = asked.get_if<std::shared_ptr<const python::Operation>>();
  const auto* symbol = generic == nullptr ? nullptr : (*generic)->left->get_if<Symbol>();
  if (symbol == nullptr || !symbol->path.starts_with("typing") ||
      last_part(symbol->path) != "Literal") {
    return std::nullopt;
  }
  std::vector<Value> options;
  add_options(asked, options);
  return python::tuple_of(std::move(options));
}

std::shared_ptr<const Term> renamed(const Term& call, std::string callee) {
  Term copy = call;
  copy.callee = std::move(callee);
  copy.object = nullptr;
  return std::make_shared<const Term>(std::move(copy));
}

}  // namespace

std::optional<Value> Host::note(const Term& call) {
  std::string path = call.callee;
  if (path.starts_with("sqlmodel.") && is_passed_on(last_part(path))) {
    path = "sqlalchemy." + std::string(last_part(path));
  }
  const std::string_view name = last_part(path);
  const bool library = path.starts_with("sqlalchemy.") || path == kFlaskTable;
  if (!library) return std::nullopt;
  const Value made = renamed(call, path);
  if (name == "Table") {
    noted_.tables.push_back(made);
  } else if (is_one_of(name,
                       {"Index", "UniqueConstraint", "CheckConstraint", "ForeignKeyConstraint",
                        "PrimaryKeyConstraint", "ExcludeConstraint"})) {
    noted_.constructs.push_back(made);
  } else if (name == "Sequence") {
    noted_.sequences.push_back(made);
  } else if (path.starts_with("sqlalchemy.event.") && name == "listen") {
    noted_.listeners.push_back(made);
    note_uncertain(call.place);
    return Value();
  } else if (path.starts_with("sqlalchemy.event.") && name == "listens_for") {
    noted_.listeners.push_back(made);
  } else if (is_one_of(name, {"inspect", "Session", "sessionmaker", "scoped_session"}) ||
             path == call.callee) {
    return std::nullopt;
  }
  note_uncertain(call.place);
  return made;
}

std::optional<Value> Host::call(python::Evaluator& evaluator, const Term& call) {
  if (call.object) {
    const Value& object = *call.object;
    if (const auto hybrid = with_setter(call)) return hybrid;
    if (const Term* decorator = object.term(); call.callee == kDecorates && decorator != nullptr) {
      if (last_part(decorator->callee) != "compiles" || call.arguments.positional.empty()) {
        return std::nullopt;
      }
      noted_.compiled.emplace_back(object, call.arguments.positional.front());
      return call.arguments.positional.front();
    }
    if (is_flask_object(object, evaluator)) {
      const auto callee = attribute(object, call.callee, call.place);
      if (!callee || callee->get_if<Symbol>() == nullptr) return callee;
      return evaluator.call(*callee, call.arguments, call.place);
    }
    // An object of a class that is Flask-SQLAlchemy's.
    const Value made = std::make_shared<const Term>(call);
    if (is_flask_object(made, evaluator)) {
      noted_.flask.push_back(made);
      return made;
    }
    if (makes_classes(object, evaluator)) {
      throw Error(Reason::NotUnderstood, "a model made by a call of a metaclass is not understood",
                  "Write it as a class statement.", call.place);
    }
    // Of a class that inherits from SQLAlchemy's, or a library around it: a type, a property, ...
    if (inherits_from_sqlalchemy(object, evaluator)) return made;
    if (const std::string base = plain_base(object, evaluator); !base.empty()) {
      return python::unknown("what " + base + " gives", call.place);
    }
    if (has_no_library_base(object, evaluator)) {
      return python::unknown(std::string(kPlainObject), call.place);
    }
    return alembic::Host::call(evaluator, call);
  }
  if (is_flask_path(call.callee)) {
    noted_.flask.emplace_back(std::make_shared<const Term>(call));
    return noted_.flask.back();
  }
  if (const auto noted = note(call)) return noted;
  if (call.callee == "sqlalchemy.util.immutabledict" && call.arguments.positional.size() == 1) {
    return call.arguments.positional.front();
  }
  if (call.callee == "sqlalchemy_json.mutable_json_type") {
    const Value* type = call.arguments.find("dbtype");
    if (type == nullptr && !call.arguments.positional.empty()) {
      type = &call.arguments.positional.front();
    }
    return type != nullptr ? *type : Value(Symbol{"sqlalchemy.JSON"});
  }
  if (const auto options = literal_options(call)) return options;
  // `@declared_attr`, `@hybrid_property`: what they are made of is looked at when it is needed.
  const std::string_view name = last_part(call.callee);
  if (call.callee.find("declared_attr") != std::string::npos || name.starts_with("hybrid_")) {
    return Value(std::make_shared<const Term>(call));
  }
  if (call.callee == "typing.NewType" || call.callee == python::kTypeAlias ||
      call.callee == "typing_extensions.TypeAliasType" || call.callee.starts_with("sqlmodel."))
    return std::nullopt;
  return alembic::Host::call(evaluator, call);
}

}  // namespace driftd::models

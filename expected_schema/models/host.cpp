#include "expected_schema/models/host.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "expected_schema/alembic/known_types.h"
#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/modules.h"
#include "expected_schema/alembic/packages.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"
#include "expected_schema/models/roles.h"
#include "expected_schema/models/stand_ins.h"

namespace driftd::models {

using alembic::made_by;
using python::Symbol;
using python::Term;

namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_flask_path(std::string_view path) {
  return (path.starts_with("flask_sqlalchemy.") || path.starts_with("flask_sqlalchemy_lite.") ||
          path.starts_with("flask.ext.sqlalchemy.")) &&
         last_part(path) == "SQLAlchemy";
}

/// What Flask-SQLAlchemy's object has of sqlalchemy.orm; all else is of sqlalchemy itself.
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

std::shared_ptr<const Term> renamed(const Term& call, std::string callee) {
  Term copy = call;
  copy.callee = std::move(callee);
  copy.object = nullptr;
  return std::make_shared<const Term>(std::move(copy));
}

}  // namespace

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

const Value* declared_function(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object || term->arguments.positional.size() != 1) return nullptr;
  const bool declared = term->callee.find(".declared_attr") != std::string::npos ||
                        is_one_of(last_part(term->callee), {"declared_attr", "declarative_mixin"});
  return declared ? &term->arguments.positional.front() : nullptr;
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

Host::Host(std::vector<std::string> roots, std::vector<std::string> packages,
           alembic::Surroundings around)
    : alembic::Host(nullptr, "models", {}, std::move(around)),
      roots_(std::move(roots)),
      packages_(std::move(packages)) {}

std::optional<python::Host::Source> Host::module_source(const std::string& module,
                                                        const Place& place) {
  if (const auto text = stand_in(module)) return Source{module + " (stand-in)", std::string(*text)};
  if (module.empty() || module.starts_with("sqlalchemy.") || module == "sqlalchemy") {
    return std::nullopt;
  }
  std::vector<std::filesystem::path> roots(roots_.begin(), roots_.end());
  auto file = alembic::module_file(module, std::filesystem::path(place.file).parent_path(), roots);
  const bool of_package = !file && !packages_.empty() && !alembic::is_known_by_name(module);
  if (of_package) {
    file = alembic::module_file(
        module, {}, std::vector<std::filesystem::path>(packages_.begin(), packages_.end()));
  }
  if (!file) {
    const std::string first = module.substr(0, module.find('.'));
    if (!alembic::is_library(first + ".")) noted_.absent.push_back(module);
    return std::nullopt;
  }
  const auto text = alembic::module_text(*file);
  if (!text) return std::nullopt;
  noted_.files.push_back(file->string());
  if (of_package) noted_.of_packages.push_back(file->string());
  return Source{file->string(), *text};
}

void Host::note_uncertain(const Place& place) {
  if (evaluator_ == nullptr) return;
  if (const auto why = evaluator_->uncertain()) noted_.uncertain.emplace_back(place, why->what);
}

void Host::class_made(const Value& type) {
  noted_.classes.push_back(type);
  if (evaluator_ == nullptr) return;
  if (const auto body = evaluator_->body_of(type)) note_uncertain(body->place);
}

std::vector<Value> Host::classes_within(const Value& base) {
  if (const auto* symbol = base.get_if<Symbol>();
      symbol != nullptr && symbol->path == kFlaskModel) {
    for (const Value& flask : noted_.flask) {
      const Value* own = flask.term()->arguments.find("model_class");
      if (own != nullptr && !own->is_none()) return {*own};
    }
    return {};
  }
  return classes_of_base(base);
}

std::optional<std::vector<std::string>> Host::names_within(const Value& base) {
  if (const auto* generic = base.get_if<std::shared_ptr<const python::Operation>>()) {
    return (*generic)->left ? names_within(*(*generic)->left) : std::nullopt;
  }
  const auto* symbol = base.get_if<Symbol>();
  const std::string path = symbol != nullptr ? symbol->path : std::string();
  if (path.starts_with("typing.") || path.starts_with("abc.") || path.starts_with("enum.") ||
      path.starts_with("typing_extensions.")) {
    return std::vector<std::string>{};
  }
  const bool makes_base = base.term() != nullptr && is_library_base(base);
  if (!makes_base && path != kFlaskModel && !path.starts_with("sqlalchemy.orm.")) {
    return std::nullopt;
  }
  return std::vector<std::string>{"__abstract__",      "__init__",     "__mapper__", "__table__",
                                  "_sa_class_manager", "_sa_registry", "metadata",   "query",
                                  "query_class",       "registry"};
}

void Host::statement_failed(std::string_view text, const Place& place, const Error& error) {
  noted_.failures.push_back({std::string(text), place, error});
}

std::optional<Value> Host::class_attribute(python::Evaluator& evaluator, const Value& type,
                                           const std::string& name, const Value& found,
                                           const Place& place) {
  if (const Value* function = declared_function(found)) {
    // What names make of it is asked at once; a column keeps the class that it is asked of.
    if (name.starts_with("__")) return evaluator.call(*function, {{type}, {}}, place);
    if (auto text = text_declared(evaluator, *function, type, place)) return text;
    return std::make_shared<const python::Attribute>(
        python::Attribute{std::make_shared<Value>(type), name});
  }
  const std::string maker(last_part(made_by(found)));
  if (is_one_of(maker, {"Column", "mapped_column", "Field", "deferred", "column_property"})) {
    return std::make_shared<const python::Attribute>(
        python::Attribute{std::make_shared<Value>(type), name});
  }
  return std::nullopt;
}

/// The text that a declared_attr gives; nothing where it gives something else.
std::optional<Value> Host::text_declared(python::Evaluator& evaluator, const Value& function,
                                         const Value& type, const Place& place) {
  const Noted before = noted_;
  try {
    const Value given = evaluator.call(function, {{type}, {}}, place);
    if (given.get_if<std::string>() != nullptr) return given;
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
  }
  noted_ = before;
  return std::nullopt;
}

/// `Model.__table__.fullname` and its like, as far as the class says it.
std::optional<Value> Host::of_table(const Value& type, const std::string& name,
                                    const Place& place) {
  if (evaluator_ == nullptr) return std::nullopt;
  const auto body = evaluator_->body_of(type);
  if (!body) return std::nullopt;
  const auto given = [&](const std::string& asked) -> std::optional<Value> {
    const auto found = evaluator_->class_attribute(type, asked);
    return found ? std::optional(evaluator_->attribute(type, asked, place)) : std::nullopt;
  };
  const auto table = given("__tablename__");
  const auto* text = table ? alembic::text_in(*table) : nullptr;
  if (text == nullptr) return std::nullopt;
  if (name == "name") return Value(*text);
  std::optional<Value> options = given("__table_args__");
  if (options) {
    const auto* items = alembic::sequence_in(*options);
    if (items != nullptr && !items->empty()) options = Value((*items)[items->size() - 1]);
  }
  const auto* dict = options ? options->get_if<python::Dict>() : nullptr;
  for (std::size_t i = 0; dict != nullptr && i < (*dict)->size(); ++i) {
    const auto* key = alembic::text_in((**dict)[i].first);
    if (key == nullptr || *key != "schema") continue;
    const auto* schema = alembic::text_in((**dict)[i].second);
    if (schema == nullptr) return std::nullopt;
    return Value(name == "schema" ? *schema : *schema + "." + *text);
  }
  const Value metadata =
      metadata_of(role_of(*body, *evaluator_).metadata, *evaluator_, noted_.flask);
  const Term* made = metadata.term();
  if (!noted_.schemas.empty() || (made != nullptr && made->arguments.find("schema") != nullptr)) {
    return std::nullopt;
  }
  return name == "schema" ? Value() : Value(*text);
}

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
    // Of a class that inherits from SQLAlchemy's, or a library around it: a type, a property, ...
    if (inherits_from_sqlalchemy(object, evaluator)) return made;
    if (const std::string base = plain_base(object, evaluator); !base.empty()) {
      return python::unknown("what " + base + " gives", call.place);
    }
    return alembic::Host::call(evaluator, call);
  }
  if (is_flask_path(call.callee)) {
    noted_.flask.emplace_back(std::make_shared<const Term>(call));
    return noted_.flask.back();
  }
  if (const auto noted = note(call)) return noted;
  // `@declared_attr`, `@hybrid_property`: what they are made of is looked at when it is needed.
  const std::string_view name = last_part(call.callee);
  if (call.callee.find("declared_attr") != std::string::npos || name.starts_with("hybrid_")) {
    return Value(std::make_shared<const Term>(call));
  }
  if (call.callee == "typing.NewType" || call.callee.starts_with("sqlmodel.")) return std::nullopt;
  return alembic::Host::call(evaluator, call);
}

std::optional<Value> Host::attribute(const Value& object, const std::string& name,
                                     const Place& place) {
  if (evaluator_ != nullptr && is_flask_object(object, *evaluator_)) {
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
  if (const auto* table = object.get_if<std::shared_ptr<const python::Attribute>>();
      table != nullptr && (*table)->name == "__table__" &&
      is_one_of(name, {"fullname", "name", "schema"})) {
    if (auto told = of_table(*(*table)->object, name, place)) return told;
  }
  if (object.get_if<std::shared_ptr<python::Class>>() != nullptr) {
    if (name == "as_mutable") return Value(Symbol{"sqlalchemy.ext.mutable.Mutable.as_mutable"});
    // `name: Mapped[str]` binds nothing.
    const auto body = evaluator_ == nullptr ? std::nullopt : evaluator_->body_of(object);
    const bool annotated =
        body && std::ranges::any_of(body->line, [&](const Value& type) {
          const auto one = evaluator_->body_of(type);
          return one && std::ranges::any_of(one->entries, [&](const auto& entry) {
                   return entry.annotated && entry.name == name;
                 });
        });
    if (annotated || is_one_of(name, {"metadata", "__table__", "registry", "__tablename__"})) {
      return Value(std::make_shared<const python::Attribute>(
          python::Attribute{std::make_shared<Value>(object), name}));
    }
  }
  if (const auto* symbol = object.get_if<Symbol>();
      symbol != nullptr && symbol->path == "sys" && name == "version_info") {
    // Of a Python that is new enough for all that models are written for.
    return python::tuple_of({std::int64_t{3}, std::int64_t{12}, std::int64_t{0},
                             std::string("final"), std::int64_t{0}});
  }
  // What declarative_base(cls=...) has of its class.
  for (const Value& own : classes_of_base(object)) {
    const auto body = evaluator_ == nullptr ? std::nullopt : evaluator_->body_of(own);
    const bool there = body && std::ranges::any_of(body->line, [&](const Value& type) {
                         const auto one = evaluator_->body_of(type);
                         return one && std::ranges::any_of(one->entries, [&](const auto& entry) {
                                  return entry.value && entry.name == name;
                                });
                       });
    if (there) return evaluator_->attribute(own, name, place);
  }
  // Attributes of tables and metadata stay what they are.
  if (name == "name" && object.get_if<std::shared_ptr<const python::Attribute>>() != nullptr) {
    return std::nullopt;
  }
  return alembic::Host::attribute(object, name, place);
}

std::optional<bool> Host::is_none(const Value& value) {
  // A type of a library that was imported.
  const auto* symbol = value.get_if<Symbol>();
  if (symbol != nullptr && alembic::known_type(alembic::short_name(symbol->path)) != nullptr) {
    return false;
  }
  const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>();
  if (attribute != nullptr && (*attribute)->name == "__table__" &&
      (*attribute)->object->get_if<std::shared_ptr<python::Class>>() != nullptr) {
    return false;
  }
  return alembic::Host::is_none(value);
}

bool Host::is_construct(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object || !term->callee.starts_with("sqlalchemy.")) return false;
  const std::string_view name = last_part(term->callee);
  return (name.front() >= 'A' && name.front() <= 'Z') ||
         is_one_of(name, {"mapped_column", "column", "literal_column", "text"});
}

std::optional<bool> Host::truth(const Value& value, const Place& place) {
  // `isinstance(constraint, dict)`
  const Term* asked = value.term();
  if (asked != nullptr && asked->callee == "builtins.isinstance" && evaluator_ != nullptr &&
      asked->arguments.positional.size() == 2) {
    const Value& type = asked->arguments.positional[1];
    const std::string builtin = evaluator_->builtin_name(type);
    if (!builtin.empty() && builtin != "object" && is_construct(asked->arguments.positional[0])) {
      return false;
    }
  }
  return alembic::Host::truth(value, place);
}

bool Host::takes_assignment(const Value& object, const std::string& name, const Value& value) {
  if (name == "naming_convention") noted_.conventions.emplace_back(object, value);
  if (name == "schema") noted_.schemas.emplace_back(object, value);
  return true;
}

}  // namespace driftd::models

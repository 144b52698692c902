#include "expected_schema/models/roles.h"

#include <algorithm>

#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/host.h"
#include "expected_schema/models/stand_ins.h"

namespace driftd::models {

using python::Attribute;
using python::ClassBody;
using python::Symbol;
using python::Term;

namespace {

/// Libraries of which classes are known to bring columns, or to make tables.
bool brings_columns(std::string_view path) {
  for (const std::string_view library :
       {"flask_security.", "advanced_alchemy.", "sqlalchemy_mixins.", "sqlalchemy_utils.",
        "sqlalchemy_continuum.", "fastapi_users", "oslo_db.", "sqlalchemy_history.", "flask_dance.",
        "authlib.", "sqlalchemy_i18n.", "litestar.", "fief.", "social_flask"}) {
    if (path.starts_with(library)) return true;
  }
  return false;
}

/// What calls make a declarative base.
bool makes_base(const Term& term) {
  const std::string_view name = last_part(term.callee);
  return name == "declarative_base" || name == "generate_base" || name == "make_declarative_base";
}

const Value* keyword(const Value& value, std::string_view name) {
  const Term* term = value.term();
  const Value* found = term == nullptr ? nullptr : term->arguments.find(name);
  return found == nullptr || found->is_none() ? nullptr : found;
}

/// Classes of SQLAlchemy that bring no columns.
bool is_known_base(std::string_view name) {
  for (const std::string_view known :
       {"AsyncAttrs", "MappedAsDataclass", "ConcreteBase", "AbstractConcreteBase", "Mutable",
        "MutableBase", "MutableDict", "MutableList", "MutableSet", "MutableComposite", "Mapped",
        "TypeDecorator", "UserDefinedType", "TypeEngine", "Comparator", "DeclarativeMeta",
        "DeclarativeBaseNoMeta", "DeclarativeBase", "DefaultMeta"}) {
    if (name == known) return true;
  }
  return false;
}

/// One of the things that stand in the brackets of a class statement.
void take_base(Role& role, const Value& base) {
  if (const auto* operation = base.get_if<std::shared_ptr<const python::Operation>>()) {
    take_base(role, *(*operation)->left);  // Generic[T], Base[T]
    return;
  }
  if (const Term* term = base.term()) {
    if (!makes_base(*term)) {
      role.unknown_bases.push_back(python::repr(base));
      return;
    }
    role.declarative = true;
    if (const Value* metadata = keyword(base, "metadata")) {
      role.metadata = *metadata;
    } else {
      role.metadata = base;
    }
    for (const Value& own : classes_of_base(base)) {
      if (own.get_if<std::shared_ptr<python::Class>>() == nullptr) take_base(role, own);
    }
    return;
  }
  const auto* symbol = base.get_if<Symbol>();
  if (symbol == nullptr) {
    role.unknown_bases.push_back(python::repr(base));
    return;
  }
  const std::string& path = symbol->path;
  const std::string_view name = last_part(path);
  if (path == kFlaskModel) {
    role.declarative = role.flask = true;
    if (role.metadata.is_none()) role.metadata = base;
  } else if (path == "flask_sqlalchemy.Model" || path == "flask_sqlalchemy.model.Model") {
    // What db.Model inherits from; it is no base of models itself.
  } else if (path.starts_with("sqlmodel.") && name == "SQLModel") {
    role.declarative = role.sqlmodel = true;
    if (role.metadata.is_none()) role.metadata = Symbol{"sqlmodel.SQLModel.metadata"};
  } else if (path.starts_with("sqlalchemy.") &&
             (name == "AutomapBase" || name == "DeferredReflection" || !is_known_base(name))) {
    // `db.Timestamp` of an application's own object is no class of SQLAlchemy.
    role.unknown_bases.push_back(path);
  } else if (const std::string_view mixin = library_mixin(path); !mixin.empty()) {
    role.mixins.emplace_back(mixin);
  } else if (brings_columns(path)) {
    role.unknown_bases.push_back(path);
  } else if (!path.starts_with("sqlalchemy.") && !path.starts_with("typing") &&
             !path.starts_with("abc.") && !path.starts_with("enum.") &&
             !path.starts_with("pydantic") && !path.starts_with("dataclasses.") &&
             !path.starts_with("collections.") && !path.starts_with("builtins.") &&
             !alembic::is_library(path)) {
    role.unknown_bases.push_back(path);
  }
}

bool is_root_base(const Value& base) {
  const auto* symbol = base.get_if<Symbol>();
  return symbol != nullptr && symbol->path.starts_with("sqlalchemy.") &&
         last_part(symbol->path).starts_with("DeclarativeBase");
}

bool is_concrete_union(const Value& base) {
  const auto* symbol = base.get_if<Symbol>();
  return symbol != nullptr && symbol->path.starts_with("sqlalchemy.") &&
         last_part(symbol->path) == "AbstractConcreteBase";
}

const Value* entry(const ClassBody& body, std::string_view name) {
  const auto found = std::ranges::find(body.entries, name, &ClassBody::Entry::name);
  return found == body.entries.end() || !found->value ? nullptr : &*found->value;
}

bool is_true(const Value* value) {
  const bool* known = value == nullptr ? nullptr : value->get_if<bool>();
  return known != nullptr && *known;
}

/// A decorator's own name, and what it is called on.
std::string_view decorator_name(const Value& decorator) {
  if (const auto* attribute = decorator.get_if<std::shared_ptr<const Attribute>>()) {
    return (*attribute)->name;
  }
  if (const Term* term = decorator.term()) return last_part(term->callee);
  const auto* symbol = decorator.get_if<Symbol>();
  return symbol == nullptr ? std::string_view() : last_part(symbol->path);
}

/// The object in `registry.mapped` and `registry.mapped_as_dataclass()`.
Value decorator_object(const Value& decorator) {
  if (const auto* attribute = decorator.get_if<std::shared_ptr<const Attribute>>()) {
    return *(*attribute)->object;
  }
  const Term* term = decorator.term();
  return term != nullptr && term->object ? *term->object : Value();
}

/// The name of a metaclass that does something of its own when it makes a class.
std::string making_class(const Value& metaclass, const python::Evaluator& evaluator) {
  const auto body = evaluator.body_of(metaclass);
  for (std::size_t i = 0; body && i < body->line.size(); ++i) {
    const auto one = evaluator.body_of(body->line[i]);
    const bool makes = one && std::ranges::any_of(one->entries, [](const auto& entry) {
                         return entry.name == "__new__" || entry.name == "__init__" ||
                                entry.name == "__call__" || entry.name == "__prepare__";
                       });
    if (makes) return body->name;
  }
  return {};
}

/// `x = metadata`, `registry = mapper_registry` and their like in a base class.
void take_own_metadata(Role& role, const ClassBody& body) {
  if (const Value* metadata = entry(body, "metadata")) {
    role.metadata = *metadata;
  } else if (const Value* registry = entry(body, "registry")) {
    const Value* given = keyword(*registry, "metadata");
    role.metadata = given != nullptr ? *given : *registry;
  }
}

}  // namespace

std::vector<Value> classes_of_base(const Value& base) {
  const Term* term = base.term();
  const Value* own = term == nullptr || !makes_base(*term) ? nullptr : keyword(base, "cls");
  if (own == nullptr) return {};
  const auto* several = own->get_if<python::Tuple>();
  return several == nullptr ? std::vector<Value>{*own} : *several->items;
}

bool is_library_base(const Value& base) {
  Role role;
  take_base(role, base);
  return role.unknown_bases.empty() && role.mixins.empty();
}

Role role_of(const ClassBody& body, const python::Evaluator& evaluator) {
  Role role;
  role.abstract = is_true(entry(body, "__abstract__"));
  for (auto type = body.line.rbegin(); type != body.line.rend(); ++type) {
    const auto one = evaluator.body_of(*type);
    if (!one) continue;
    const bool itself = type + 1 == body.line.rend();
    for (const Value& base : one->bases) {
      if (is_root_base(base)) {
        role.declarative = true;
        role.root = itself;
        role.metadata = *type;
      } else if (base.get_if<std::shared_ptr<python::Class>>() == nullptr) {
        take_base(role, base);
        // It is mapped to a union of what inherits from it.
        role.abstract = role.abstract || (itself && is_concrete_union(base));
      }
    }
    for (const Value& base : one->bases) {
      const Value* own = keyword(base, "metaclass");
      if (own != nullptr && role.metaclass.empty()) role.metaclass = making_class(*own, evaluator);
    }
    for (const auto& [name, value] : one->keywords) {
      if (name == "metaclass" && role.metaclass.empty()) {
        role.metaclass = making_class(value, evaluator);
      }
      const auto* symbol = value.get_if<Symbol>();
      if (name == "metaclass" && symbol != nullptr &&
          last_part(symbol->path).starts_with("Declarative")) {
        role.declarative = true;
        role.root = itself;
        if (role.metadata.is_none()) role.metadata = *type;
      }
      if (name == "table" && itself && value.get_if<bool>() != nullptr) {
        role.table = *value.get_if<bool>();
      }
    }
    for (const Value& decorator : one->decorators) {
      const std::string_view name = decorator_name(decorator);
      if (name == "as_declarative" || name == "as_declarative_base") {
        role.declarative = true;
        role.root = itself;
        const Value* given = keyword(decorator, "metadata");
        role.metadata = given != nullptr ? *given : *type;
      } else if (name == "mapped" || name == "mapped_as_dataclass") {
        role.declarative = true;
        const Value registry = decorator_object(decorator);
        const Value* given = keyword(registry, "metadata");
        role.metadata = given != nullptr ? *given : registry;
      }
    }
    take_own_metadata(role, *one);
  }
  if (body.by_metaclass) role.metaclass.clear();
  const auto own_keyword = [&](std::string_view name) {
    return std::ranges::any_of(body.keywords, [&](const auto& one) { return one.first == name; });
  };
  if (role.sqlmodel && !own_keyword("table")) role.table = false;
  return role;
}

TypeMap type_map_of(const ClassBody& body, const python::Evaluator& evaluator) {
  TypeMap types;
  const auto take = [&](const Value* map) {
    const auto* dict = map == nullptr ? nullptr : map->get_if<python::Dict>();
    if (dict == nullptr) return;
    for (const auto& pair : **dict) types.push_back(pair);
  };
  for (const Value& type : body.line) {
    const auto one = evaluator.body_of(type);
    if (!one) continue;
    take(entry(*one, "type_annotation_map"));
    if (const Value* registry = entry(*one, "registry")) {
      take(keyword(*registry, "type_annotation_map"));
    }
    for (const Value& decorator : one->decorators) {
      take(keyword(decorator_object(decorator), "type_annotation_map"));
    }
    for (const Value& base : one->bases) {
      if (const Term* term = base.term()) {
        take(keyword(base, "type_annotation_map"));
        if (term->object) take(keyword(*term->object, "type_annotation_map"));
      }
    }
  }
  return types;
}

Value metadata_of(const Value& written, const python::Evaluator& evaluator,
                  const std::vector<Value>& flask) {
  Value at = written;
  for (int depth = 0; depth < 20; ++depth) {
    if (const auto* attribute = at.get_if<std::shared_ptr<const Attribute>>();
        attribute != nullptr && (*attribute)->name == "metadata") {
      at = *(*attribute)->object;
      continue;
    }
    if (const Term* term = at.term()) {
      const Value* given = keyword(at, "metadata");
      if (given == nullptr && term->object) {
        // registry(...).generate_base()
        if (makes_base(*term)) {
          at = *term->object;
          continue;
        }
      }
      if (given == nullptr) {
        const Value* model = keyword(at, "model_class");
        if (model == nullptr) return at;
        at = *model;
        continue;
      }
      at = *given;
      continue;
    }
    if (const auto* symbol = at.get_if<Symbol>();
        symbol != nullptr && !flask.empty() &&
        (symbol->path == kFlaskModel || symbol->path == std::string(kFlaskModel) + ".metadata")) {
      at = flask.front();
      continue;
    }
    const auto body = evaluator.body_of(at);
    if (!body) return at;
    const Role role = role_of(*body, evaluator);
    const auto* itself = role.metadata.get_if<std::shared_ptr<python::Class>>();
    if (role.metadata.is_none() ||
        (itself != nullptr && *itself == *at.get_if<std::shared_ptr<python::Class>>())) {
      return at;
    }
    at = role.metadata;
  }
  return at;
}

bool is_same_metadata(const Value& a, const Value& b) {
  if (a.term() != nullptr || b.term() != nullptr) return a.term() == b.term();
  if (const auto* one = a.get_if<Symbol>()) {
    const auto* other = b.get_if<Symbol>();
    return other != nullptr && one->path == other->path;
  }
  const auto* one = a.get_if<std::shared_ptr<python::Class>>();
  const auto* other = b.get_if<std::shared_ptr<python::Class>>();
  return one != nullptr && other != nullptr && *one == *other;
}

}  // namespace driftd::models

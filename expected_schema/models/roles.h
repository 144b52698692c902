#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/models/annotations.h"
#include "expected_schema/python/evaluator.h"

namespace driftd::models {

/// What a class is to SQLAlchemy, by what it inherits.
struct Role {
  bool declarative = false;  ///< it inherits from a declarative base, or is mapped by a decorator
  bool root = false;         ///< it is such a base itself
  bool flask = false;        ///< of Flask-SQLAlchemy, which names tables by itself
  bool sqlmodel = false;
  bool table = true;      ///< of sqlmodel: `table=True`
  bool abstract = false;  ///< `__abstract__ = True`
  Value metadata;         ///< where its tables are, as metadata_of() takes it; None: unknown
  std::string metaclass;  ///< of the application, that makes classes in its own way; empty: none
  std::vector<std::string> mixins;  ///< of libraries: see library_mixin()
  /// Names of base classes of which it is not known whether they bring columns.
  std::vector<std::string> unknown_bases;

  bool is_mapped() const { return declarative && !root && !abstract && table; }
};

Role role_of(const python::ClassBody& body, const python::Evaluator& evaluator);

/// The `cls=` of declarative_base() and its like, each a class or what is known of it by name.
std::vector<Value> classes_of_base(const Value& base);
/// Whether a class of a library brings neither columns nor a name of its table.
bool is_library_base(const Value& base);

/// `type_annotation_map` of the class's base or registry.
TypeMap type_map_of(const python::ClassBody& body, const python::Evaluator& evaluator);

/// The metadata that an expression is: the call of `MetaData`, the symbol of a library's, or what
/// makes its own (`declarative_base()`). `Base.metadata` is followed; `flask`: the objects that
/// `db.Model` may be of.
Value metadata_of(const Value& written, const python::Evaluator& evaluator,
                  const std::vector<Value>& flask);
/// Whether two that metadata_of() gave are one.
bool is_same_metadata(const Value& a, const Value& b);

}  // namespace driftd::models

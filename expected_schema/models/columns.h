#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/models/annotations.h"

namespace driftd::models {

/// A column that an attribute of a mapped class stands for.
struct MadeColumn {
  std::string name;
  std::string key;  ///< by which constraints name it, where that is another
  Value column;     ///< a call of `sqlalchemy.Column` with its name
  /// The calls that it was made from, by which expressions of the class refer to it.
  std::vector<const python::Term*> made_from;
};

/// An attribute of a class as SQLAlchemy's declarative mapping sees it.
struct Attribute {
  std::string name;
  std::optional<Value> value;
  std::optional<Value> annotation;
  Place place;
};

/// The columns of an attribute: none for a relationship, a hybrid and the like, one for a column,
/// several for a composite. A column without a type of its own takes that of what it refers to, and
/// has none yet. Throws Error{NotUnderstood} for a column that cannot be told.
std::vector<MadeColumn> columns_of(const Attribute& attribute, const TypeMap& types,
                                   python::Evaluator& evaluator);

/// The same of a field of a SQLModel.
std::vector<MadeColumn> columns_of_field(const Attribute& attribute, python::Evaluator& evaluator);

/// Whether the value is a call of `Column` or `mapped_column`.
bool is_column_call(const Value& value);

/// Whether an argument of a column is its type: no constraint, default or the like.
bool is_type_argument(const Value& value);

}  // namespace driftd::models

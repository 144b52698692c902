#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/python/evaluator.h"

namespace driftd::models {

using python::Value;

/// `type_annotation_map`: types of Python to types of SQLAlchemy, the most specific class first.
using TypeMap = std::vector<std::pair<Value, Value>>;

/// What an annotation says of a column.
struct Annotation {
  bool mapped = false;         ///< it is a `Mapped[...]`
  bool relationship = false;   ///< a `WriteOnlyMapped`, `DynamicMapped` or collection: no column
  bool optional = false;       ///< None is one of its values
  Value python;                ///< the type without None and Annotated
  std::optional<Value> type;   ///< SQLAlchemy's for it; nothing: it has none
  std::vector<Value> columns;  ///< `mapped_column(...)` and the like in an Annotated
};

/// Reads an annotation (SQLAlchemy's "Mapped Column Derives the Datatype and Nullability from the
/// Mapped Annotation").
Annotation read_annotation(const Value& written, const TypeMap& types,
                           const python::Evaluator& evaluator);

/// The name of a class of Python itself (`int`), of the source, or of a library; empty for others.
std::string class_name(const Value& value, const python::Evaluator& evaluator);

/// Whether the value is a class of the source that is an enumeration.
bool is_enumeration(const Value& value, const python::Evaluator& evaluator);

}  // namespace driftd::models

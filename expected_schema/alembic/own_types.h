#pragma once

#include <optional>
#include <string>

#include "expected_schema/alembic/types.h"

/// Types that a migration, or what it imports, defines as classes.
namespace driftd::alembic {

/// The class that a value is, or is made by; null where there is none.
const python::Value* class_in(const python::Value& value);

/// What such a class says of its type (SQLAlchemy's "Custom Types"): get_col_spec(),
/// load_dialect_impl(), impl, or the type that it inherits from. Nothing where it is no type.
std::optional<Type> type_of_class(const python::Value& value, const Emitter& emitter,
                                  const std::optional<std::string>& table_schema,
                                  const std::string& what);

}  // namespace driftd::alembic

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// The short name of a SQLAlchemy path, whichever module it was imported from: `Column`,
/// `func.now`, `postgresql.JSONB`. Paths of other libraries stay as they are.
std::string short_name(std::string_view path);

/// The short name of what a value is made by: of a symbol, or of the callee of a term that is no
/// method call. Empty for other values.
std::string made_by(const python::Value& value);

/// The term, where the value is a method call of this name on something.
const python::Term* method_call(const python::Value& value, std::string_view method);

const std::string* text_in(const python::Value& value);

/// The items of a list, tuple or set; null for other values.
const std::vector<python::Value>* sequence_in(const python::Value& value);

}  // namespace driftd::alembic

#pragma once

#include <map>
#include <optional>
#include <string>

#include "expected_schema/base/error.h"
#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// A string constant as SQLAlchemy renders it on a server with standard_conforming_strings on:
/// quotes doubled, backslashes as they are.
std::string string_literal(const std::string& text);

/// A Python value as an SQL constant: texts, numbers, booleans, None, bytes, Decimal, UUID, dates
/// and times. Nothing for every other value.
std::optional<std::string> literal(const python::Value& value);

using Binds = std::map<std::string, std::string>;  ///< parameter to its SQL constant

/// The SQL of a `sqlalchemy.text()`: `:name` replaced by its value, `\:` by a colon (sql/compiler's
/// rule for both). Throws Error{NotUnderstood} for a parameter without a value.
std::string text_clause(const std::string& text, const Binds& binds, const Place& place);
/// The same, with `$1` for a parameter without a value.
std::string partial_text_clause(const std::string& text, const Binds& binds);

}  // namespace driftd::alembic

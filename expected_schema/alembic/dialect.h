#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "expected_schema/python/value.h"

/// What SQLAlchemy's dialect for PostgreSQL says of itself, and what it does with names.
namespace driftd::alembic {

/// An attribute of `bind.dialect` that is the same for every server: `supports_sequences`.
std::optional<python::Value> dialect_attribute(std::string_view name);

/// A name as `bind.dialect.identifier_preparer.quote()` gives it: quoted where PostgreSQL asks for
/// that (sqlalchemy.sql.compiler.IdentifierPreparer, with the words of
/// sqlalchemy.dialects.postgresql).
std::string quoted_as_needed(std::string_view name);

/// What the call of a method of the identifier preparer gives, such as `.quote("order")`. Nothing
/// where it is another method, or the name is not known.
std::optional<python::Value> preparer_call(std::string_view method, const python::Arguments& given);

/// Whether `except type:` takes the exception `raised`, both of sqlalchemy.exc. Nothing where that
/// is not known here.
std::optional<bool> takes_exception(std::string_view type, std::string_view raised);

}  // namespace driftd::alembic

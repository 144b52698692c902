#pragma once

#include <optional>
#include <string>

#include "expected_schema/python/value.h"

/// What attributes of a library's objects give where the object itself tells it.
namespace driftd::alembic {

/// `metadata.bind`, `metadata.naming_convention`, `sa.Enum(...).schema`; nothing for all others.
std::optional<python::Value> library_attribute(const python::Value& object, const std::string& name,
                                               const Place& place);

/// Whether a value is Flask-SQLAlchemy's `db`.
bool is_flask_database(const python::Value& value);
/// Its names, which it takes from SQLAlchemy, its session and its engine; nothing for all others.
std::optional<python::Value> flask_attribute(const std::string& name);

/// `sqlmodel.Column` and the like, which sqlmodel only passes on, by SQLAlchemy's own path.
std::optional<std::string> passed_on(std::string_view path);

}  // namespace driftd::alembic

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// Whether a function of the database, by its name, only computes, as the database tells it.
using Computes = std::function<bool(const std::string& name)>;
/// A function of the database that a statement calls (`func.create_hypertable`) and that may do
/// more than compute; empty where there is none. `computes` is asked of those not known here.
std::string function_in(const python::Value& value, const Computes& computes);

/// Whether a value is built on an insert, update, delete or select of SQLAlchemy.
enum class Query { None, Insert, Update, Delete, Select };
Query query_of(const python::Value& value);

/// The SQL of an insert, update or delete; nothing where a part of it is known only when the
/// application runs.
std::optional<std::string> dml_sql(const python::Value& value);

/// INSERT of rows; nothing likewise.
std::optional<std::string> insert_sql(const python::Value& table,
                                      const std::vector<python::Value>& rows);

}  // namespace driftd::alembic

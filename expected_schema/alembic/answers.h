#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/base/statement.h"
#include "expected_schema/python/evaluator.h"
#include "expected_schema/python/value.h"

/// What queries about the schema give, as SQLAlchemy's Result and Row.
namespace driftd::alembic {

/// A cell as psycopg2 gives it: None, bool, int, float, str, a list of such; unknown for the types
/// that are objects in Python (a date, a Decimal, JSON).
python::Value cell_value(const std::optional<std::string>& text, std::uint32_t type,
                         const Place& place);

/// The result of a query, all rows of it.
python::Value result_of(const Answer& answer, const Place& place);
/// What every other query gives.
python::Value unknown_result(const Place& place);

/// Whether a value is a result, a row or a list that `result_of` made.
bool is_result(const python::Value& value);
bool is_row(const python::Value& value);

/// `result.fetchall()`, `result.scalar()`, `row._asdict()`, ...; nothing where the method is none.
std::optional<python::Value> result_method(python::Evaluator& evaluator, const python::Term& call);
/// `row.name`, `result.rowcount`; nothing likewise.
std::optional<python::Value> result_attribute(const python::Value& object, const std::string& name);
/// `row[0]`, `row["name"]`.
std::optional<python::Value> row_item(const python::Value& row, const python::Value& key);
/// The rows of a result, the values of a row.
std::vector<python::Value> result_items(const python::Value& value);

}  // namespace driftd::alembic

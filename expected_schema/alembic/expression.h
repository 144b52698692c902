#pragma once

#include <string>

#include "expected_schema/base/error.h"
#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// How a text that stands where SQL is expected is read.
enum class Texts {
  Sql,      ///< as `sqlalchemy.text()`: a check's condition, a WHERE
  Literal,  ///< as a string constant: the operand of a comparison
  Name,     ///< as a column's name: the columns of an index
};

/// A SQLAlchemy expression as SQL that PostgreSQL parses to the tree that SQLAlchemy's own text
/// gives, columns without their table. `what` names the argument in messages, `place` is the
/// operation's. Throws Error{NotUnderstood}.
std::string expression_sql(const python::Value& value, Texts texts, const std::string& what,
                           const Place& place);

/// The same, in parentheses where it is neither a name nor a function call (an index element).
std::string grouped_sql(const python::Value& value, Texts texts, const std::string& what,
                        const Place& place);

/// The name of the column that a value is: `sa.column("x")`, `table.c.x`, or nothing.
std::string column_name_of(const python::Value& value);

}  // namespace driftd::alembic

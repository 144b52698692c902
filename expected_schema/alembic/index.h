#pragma once

#include <optional>
#include <string>

#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/emitter.h"

namespace driftd::alembic {

/// The table that an operation works on.
struct Target {
  std::string table;
  std::optional<std::string> schema;

  std::string sql() const;  ///< quoted and qualified
};

/// The name of a column's index without one: that of the naming convention, which is SQLAlchemy's
/// own `ix_<table>_<first column>` where the history has none. Empty where the convention has none.
std::string index_name(const Target& target, const std::string& column, bool unique,
                       const Emitter& emitter);

/// CREATE INDEX from a call with `index_name`, the elements of `columns`, `unique`, `if_not_exists`
/// and the postgresql_* options.
std::string create_index_sql(const Call& call, const std::vector<python::Value>& elements,
                             const Target& target, const Emitter& emitter);

/// `sa.Index(...)` as CREATE INDEX on a table; nothing where the value is none.
std::optional<std::string> index_construct_sql(const python::Value& value, const Target& target,
                                               const Emitter& emitter, bool if_not_exists = false);

}  // namespace driftd::alembic

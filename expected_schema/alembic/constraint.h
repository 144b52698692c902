#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/index.h"

namespace driftd::alembic {

/// A constraint's clause, as it stands in CREATE TABLE and behind ALTER TABLE ... ADD.
struct Constraint {
  enum class Kind { PrimaryKey, ForeignKey, Unique, Check, Exclude };
  Kind kind = Kind::Check;
  std::optional<std::string> name;
  std::vector<std::string> columns;
  std::string body;        ///< of a primary key: what follows its columns
  bool use_alter = false;  ///< left out of CREATE TABLE, as SQLAlchemy does
  bool settled = false;    ///< the name comes from op.f()
  bool columns_known = true;
  std::string referred_table{};  ///< of a foreign key, as it is called
  std::vector<std::string> referred_columns{};

  std::string sql() const;
};

/// Names the constraint as the history's naming convention has it.
void settle_name(Constraint& constraint, const Target& target, const Emitter& emitter);

/// ` DEFERRABLE INITIALLY DEFERRED` from `deferrable=` and `initially=`.
std::string deferrability(const Call& call);

/// A table and column as `sa.ForeignKey` names them.
struct Referent {
  Target table;
  std::string column;  ///< empty: that of the same name
};

/// `FOREIGN KEY (...) REFERENCES ...` with what follows, from the options of the call, its name
/// among them as `name_argument`.
Constraint foreign_key(const Call& call, std::string_view name_argument,
                       std::vector<std::string> columns, const Target& referent,
                       const std::vector<std::string>& referent_columns);

Referent referent_of(const python::Value& value, const Call& call, std::string_view argument);

Constraint exclusion(const Call& call, const std::optional<std::string>& name);
Constraint check(const Call& call, std::string_view condition);

/// A constraint construct of SQLAlchemy among a table's arguments; nothing for other values.
std::optional<Constraint> constraint_of(const python::Value& value);

/// `sa.ForeignKey(...)` of one column.
Constraint inline_foreign_key(const python::Term& term, const std::string& column);

/// `sa.CheckConstraint(...)` among a column's arguments.
Constraint inline_check(const python::Term& term);

}  // namespace driftd::alembic

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/constraint.h"
#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/types.h"

namespace driftd::alembic {

/// A `server_default` that is not understood.
struct OpenDefault {
  Error why;
  bool expression = false;  ///< an SQL expression, and no Identity()
};

/// What `sa.Column(...)` declares.
struct Column {
  enum class Autoincrement { Auto, On, Off, IgnoreForeignKeys };

  std::string name;
  Type type;
  bool primary_key = false;
  std::optional<bool> nullable;  ///< as given
  bool unique = false;
  bool index = false;
  Autoincrement autoincrement = Autoincrement::Auto;
  std::optional<std::string> server_default;  ///< its SQL
  bool fetched_default = false;               ///< a FetchedValue: a default that no DDL says
  std::optional<OpenDefault> open_default;    ///< it has one, or may have
  bool client_default = false;                ///< `default=`, or a Sequence that is not optional
  bool client_sequence = false;               ///< the client default is a Sequence
  std::string generated;                      ///< GENERATED ... of an identity or a computed column
  bool identity = false;
  std::vector<Constraint> checks;
  std::vector<Constraint> foreign_keys;
  std::optional<std::string> comment;

  /// The column's clause in CREATE TABLE and ADD COLUMN. `serial`: as SERIAL of its width.
  std::string sql(bool serial) const;
};

bool is_column(const python::Value& value);

Column column_of(const python::Value& value, const Emitter& emitter,
                 const std::optional<std::string>& table_schema);

/// Whether a primary key column of these constraints becomes SERIAL: SQLAlchemy's
/// `PrimaryKeyConstraint._autoincrement_column`. Null where none does.
const Column* autoincrement_column(const std::vector<Column>& columns,
                                   const std::vector<std::string>& primary_key,
                                   const std::vector<Constraint>& constraints, const Place& place);

/// The SQL of a `server_default`; nothing for a FetchedValue, and for one that is not understood,
/// which `open` is told of.
std::optional<std::string> default_sql(const python::Value& value, const std::string& what,
                                       const Place& place, std::optional<OpenDefault>& open);

/// The column, which is there, has a default that is not known. Throws why, where it cannot be left
/// open.
void leave_default_open(const Target& table, const std::string& column, const OpenDefault& open,
                        const Emitter& emitter);

/// The options of a sequence or identity, as SQLAlchemy orders them. `names`: only these.
std::string sequence_options(const Call& call);

/// `GENERATED ... AS IDENTITY (...)`.
std::string identity_sql(const python::Term& term);

}  // namespace driftd::alembic

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// An enumeration as `sqlalchemy.Enum` or `postgresql.ENUM` declares it.
struct EnumType {
  std::optional<std::string> name;
  bool settled = false;  ///< the name comes from op.f()
  std::optional<std::string> schema;
  bool inherit_schema = false;
  std::vector<std::string> labels;
  bool of_sequence = false;            ///< given as one list: it cannot be made, only named
  std::optional<std::int64_t> length;  ///< of the VARCHAR, where it is given
  bool native = true;                  ///< a PostgreSQL type; else VARCHAR
  bool create_constraint = false;      ///< a CHECK, where it is not native
  bool create_type = true;             ///< False only for postgresql.ENUM(create_type=False)
  bool in_metadata = false;            ///< created by its MetaData, not by a table
  bool check_first = false;            ///< default of `.create()` and `.drop()`

  std::string sql_name(const std::optional<std::string>& table_schema) const;
};

/// What decides between SERIAL and a plain type for a primary key.
enum class Affinity { Integer, BigInteger, SmallInteger, Numeric, Other };

/// What GeoAlchemy2 indexes of a column by itself, when the column becomes one of a table.
enum class SpatialIndex { None, Plain, AllDimensions, Raster };

struct Type {
  std::string sql;
  Affinity affinity = Affinity::Other;
  std::optional<EnumType> enumeration;  ///< of the type, or of an array's items
  bool array = false;
  SpatialIndex spatial = SpatialIndex::None;
};

/// The PostgreSQL type of a SQLAlchemy type, given as class or instance. `what` names the column in
/// messages. Throws Error{NotUnderstood} for a type that driftd does not know.
Type type_of(const python::Value& value, const Emitter& emitter,
             const std::optional<std::string>& table_schema, const std::string& what);

/// Whether a class of the source is a type: it inherits from one, however far.
bool is_type_class(const python::Value& value, const python::Evaluator& evaluator);

/// Whether a value is written as a type: a symbol or a call of one, known or not, that is no
/// constraint, default or other thing that a column may have.
bool looks_like_type(const python::Value& value);

/// Reads `sqlalchemy.Enum(...)` or `postgresql.ENUM(...)`; nothing where it is no such call.
std::optional<EnumType> enum_of(const python::Value& value, const Emitter& emitter);

/// The name of a PostgreSQL type that needs nothing but itself, for casts in expressions.
std::string type_sql(const python::Value& value, const Place& place);

}  // namespace driftd::alembic

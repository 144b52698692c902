#pragma once

#include <string_view>

#include "expected_schema/alembic/types.h"

namespace driftd::alembic {

/// How a type's arguments make its SQL (sql/compiler's GenericTypeCompiler and PostgreSQL's own).
enum class Form {
  Plain,
  Text,
  Number,
  Float,
  Moment,
  Interval,
  Bit,
  Array,
  Vector,
  Inner,
  Ignored,    ///< its arguments are about Python's side
  Text255,    ///< a text of 255 characters where no length is given
  MaxLength,  ///< VARCHAR of max_length, by default 20
  Choice,     ///< sqlalchemy_utils' ChoiceType: the SQL of its impl, if it has one
  UuidType,   ///< sqlalchemy_utils' UUIDType
  JsonField,  ///< sqlalchemy_jsonfield's JSONField
  Encrypted,  ///< sqlalchemy_utils' StringEncryptedType
  Geometry,   ///< geoalchemy2
  Raster,     ///< geoalchemy2's Raster
  Domain
};

struct KnownType {
  const char* sql;
  Form form = Form::Plain;
  Affinity affinity = Affinity::Other;
};

/// The type of a short name: SQLAlchemy's (PostgreSQL's dialect has the generic names too), or that
/// of a library in common use. Null where it is not known.
const KnownType* known_type(std::string_view name);

}  // namespace driftd::alembic

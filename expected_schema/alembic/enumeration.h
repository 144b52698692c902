#pragma once

#include <optional>
#include <string>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/types.h"

namespace driftd::alembic {

/// CREATE TYPE. `unless_there`: only where no type of the name exists, as SQLAlchemy's checkfirst
/// looks before it creates.
void create_enum(const EnumType& enumeration, const std::optional<std::string>& table_schema,
                 bool unless_there, const Emitter& emitter);

void drop_enum(const EnumType& enumeration, bool if_there, const Emitter& emitter);

}  // namespace driftd::alembic

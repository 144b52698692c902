#pragma once

#include <string>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// `sa.inspect(bind).get_columns("t")` and its like (SQLAlchemy's Inspector), answered from the
/// database as it was replayed so far. Throws Error{NotUnderstood} for a method that is not
/// answered.
python::Value inspect(const python::Term& call, const std::string& method, const Emitter& emitter);

}  // namespace driftd::alembic

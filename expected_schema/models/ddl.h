#pragma once

#include <memory>

#include "expected_schema/models/declared.h"
#include "expected_schema/models/host.h"
#include "expected_schema/models/models.h"

namespace driftd::models {

/// The DDL of the declared tables: types and tables, then foreign keys, so that circles of them
/// need no order. A table of which a part is not understood is left out, with the foreign keys to
/// it.
Models ddl_of(Declared declared, const std::shared_ptr<Host>& host,
              const std::shared_ptr<python::Evaluator>& evaluator,
              const alembic::Surroundings& around);

}  // namespace driftd::models

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/index.h"

namespace driftd::alembic {

/// One call of an operation: `op.create_index(...)`, or `batch_op.create_index(...)` of a table.
struct Step {
  const python::Term& term;
  std::string name;             ///< "create_index"
  std::optional<Target> batch;  ///< the table of op.batch_alter_table
  const Emitter& emitter;

  std::string shown() const { return (batch ? "batch_op." : "op.") + name; }

  /// The call's arguments; of a batch the table is not among them, and is filled in.
  Call bind(std::vector<std::string_view> parameters, std::string_view table = "table_name",
            std::string_view schema = "schema") const;
};

/// Carries out an operation; false where Alembic's name is not known here.
bool run_operation(const Step& step);

bool run_table_operation(const Step& step);
bool run_constraint_operation(const Step& step);
bool run_enum_operation(const Step& step);
bool run_entity_operation(const Step& step);
void alter_column(const Step& step);

}  // namespace driftd::alembic

#pragma once

#include <string>

#include "expected_schema/alembic/revision.h"
#include "expected_schema/alembic/surroundings.h"
#include "expected_schema/base/statement.h"

namespace driftd::alembic {

/// Interprets the `upgrade()` of a revision without running Python and gives its DDL, as Alembic
/// and SQLAlchemy emit it for PostgreSQL, to the sink, in order. `text` is the file's;
/// `around` is the history's.
/// Throws Error{NotUnderstood} at the first construct that is not understood (then the sink has
/// had only a part), and what the sink throws.
void run_upgrade(const Revision& revision, const std::string& text, StatementSink& sink,
                 const Surroundings& around = {});

/// The same for `downgrade()`.
void run_downgrade(const Revision& revision, const std::string& text, StatementSink& sink,
                   const Surroundings& around = {});

}  // namespace driftd::alembic

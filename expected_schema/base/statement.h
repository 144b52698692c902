#pragma once

#include <string>

#include "expected_schema/base/error.h"

namespace driftd {

/// One piece of SQL that a migration runs, and where the migration says so.
struct Statement {
  std::string sql;
  Place place;           ///< the line of the migration; for an operation, the line of its call
  std::string revision;  ///< the migration's identifier
};

/// Where the statements of a migration go while it is interpreted: collected by a test, run on
/// the scratch database by a replay.
class StatementSink {
 public:
  virtual ~StatementSink() = default;

  /// Throws Error{Replay} at the statement's place when the database refuses it.
  virtual void run(const Statement& statement) = 0;

  /// At `place` the migration writes rows that are known only when the application runs: they are
  /// left out, which later statements may miss.
  virtual void pass_over(const Place& /*place*/) {}

  /// What comes until `end_autocommit` runs outside a transaction, as Alembic's
  /// `autocommit_block()` has it.
  virtual void begin_autocommit() = 0;
  virtual void end_autocommit() = 0;
};

}  // namespace driftd

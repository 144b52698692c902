#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/base/error.h"

namespace driftd {

/// One piece of SQL that a migration runs, and where the migration says so.
struct Statement {
  std::string sql;
  Place place;           ///< the line of the migration; for an operation, the line of its call
  std::string revision;  ///< the migration's identifier
  /// It changes no schema. What the database refuses since rows are not there, or are not as the
  /// application has them, may be passed over.
  bool rows_only = false;
};

/// Why it is not known whether a statement ran when the migration was applied, or with what values.
struct Doubt {
  std::string why;   ///< a lower-case fact without a full stop
  std::string hint;  ///< a whole sentence
  /// Those in a row with the same one ran all, or none of them; 0: each is alone.
  std::size_t group = 0;
};

/// Stands in the default of a column for the one that is not known.
inline constexpr std::string_view open_default = "driftd.undetermined";
/// The same, where it is not even known whether it is a default: it may be an identity. Begins as
/// the other does.
inline constexpr std::string_view open_column = "driftd.undetermined_column";

/// What a query gave.
struct Answer {
  std::vector<std::string> columns;
  std::vector<std::uint32_t> types;                           ///< of each column; pg_type.oid
  std::vector<std::vector<std::optional<std::string>>> rows;  ///< nothing: NULL
};

/// Where the statements of a migration go while it is interpreted: collected by a test, run on
/// the scratch database by a replay.
class StatementSink {
 public:
  virtual ~StatementSink() = default;

  /// Throws Error{Replay} at the statement's place when the database refuses it.
  virtual void run(const Statement& statement) = 0;

  /// Runs a statement that may not have run, or not so, when the migration was applied, and notes
  /// what of the schema is undetermined for that. False: it has not been run, as what depends on it
  /// cannot be told; then nothing has changed.
  virtual bool run_in_doubt(const Statement& /*statement*/, const Doubt& /*doubt*/) {
    return false;
  }

  /// Asks the database as the statements so far have made it. Nothing: there is no database to be
  /// asked. Throws as run() does.
  virtual std::optional<Answer> query(const Statement& /*statement*/) { return std::nullopt; }

  /// At `place` the migration writes rows that are known only when the application runs: they are
  /// left out, which later statements may miss.
  virtual void pass_over(const Place& /*place*/) {}

  /// What comes until `end_autocommit` runs outside a transaction, as Alembic's
  /// `autocommit_block()` has it.
  virtual void begin_autocommit() = 0;
  virtual void end_autocommit() = 0;
};

}  // namespace driftd

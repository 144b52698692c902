#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "expected_schema/history/history.h"
#include "expected_schema/scratch/database.h"

namespace driftd {

struct ReplayOptions {
  std::chrono::milliseconds time_limit{600000};  ///< for the whole replay
  std::stop_token stop;
  /// Called in the replay's own session after each migration (committed) with null, and, where
  /// `each_statement` says so for its revision, after each statement: then a transaction is open
  /// (Snapshot::WithinTransaction).
  std::function<void(Session&, const Migration&, const Statement*)> after;
  std::function<bool(const Migration&)> each_statement;
  /// Called for each part of a migration of which it is not known whether it ran, by a name of it,
  /// with its first statement.
  std::function<void(const std::string& part, const Statement&, const Doubt&)> in_doubt;
  /// Whether such a part runs here; then nothing is said to be undetermined. Null: all of them do.
  std::function<bool(const std::string& part)> runs_in_doubt;
};

/// Throws Error{History} when the database has a revision that no file has.
void require_known(const AppliedHistory& history);

/// Runs the applied migrations, each in a transaction of its own as Alembic does online, the
/// statements that refuse transactions alone; the version table is kept as the tool keeps it.
/// The live database's settings hold for the session, and its versions for extensions whose version
/// no migration names; what of that cannot be had is a note of the scratch database.
/// CREATE EXTENSION of an extension that the machine has runs as the superuser, the rest as the
/// database's owner. Gives what of the schema is undetermined: statements about it may not have run
/// when the migration was applied. Throws Error{Replay} with the place and the statement of the
/// first failure, and what interpreting a migration throws.
std::vector<Undetermined> replay(const AppliedHistory& history, ScratchDatabase& database,
                                 const ReplayOptions& options = {});

}  // namespace driftd

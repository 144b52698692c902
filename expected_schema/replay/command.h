#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/history/history.h"
#include "expected_schema/scratch/database.h"

namespace driftd {

/// Runs the command on the scratch database: once for each of `revisions` where a word has
/// `{revision}`, else once. It finds the database by DATABASE_URL and libpq's PG* variables, as its
/// owner; see environment_for for what else it is given.
/// Roles are there already. Throws Error{Replay} with how it ended and the end of its output.
void run_command(const MigrationCommand& command, const std::vector<std::string>& revisions,
                 ScratchDatabase& database, const std::stop_token& stop = {});

/// Brings an empty scratch database by the history's command to what the history says is applied.
/// The live database's settings hold for the owner's sessions; its extensions that only a superuser
/// may create are there already, which a note says. Throws what run_command throws, and
/// Error{History} when the version table then says something else.
void replay_by_command(const AppliedHistory& history, ScratchDatabase& database,
                       const std::stop_token& stop = {});

/// The parts of the second that come before and after the command.
void prepare_for_command(ScratchDatabase& database);
void finish_command(ScratchDatabase& database);
/// The rows of the scratch database's version table, sorted. Throws Error{Replay} without one: the
/// command went to another database, or keeps its revisions elsewhere.
std::vector<std::string> revisions_after_command(const VersionTable& table,
                                                 ScratchDatabase& database);

/// The role of PostgreSQL's message `role "name" <ending>` in a text.
std::optional<std::string> role_in_message(std::string_view text, std::string_view ending);

}  // namespace driftd

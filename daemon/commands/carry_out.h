#pragma once

#include "daemon/commands/command_line.h"
#include "daemon/publish/publish.h"

/// One function a command; each returns the exit code and throws Error.
namespace driftd {

int serve(const CommandLine& command_line);
int check(const CommandLine& command_line);
/// `check --models`: the models with all migrations, and no database.
int check_models(const CommandLine& command_line);
int diff(const CommandLine& command_line);
int explain(const CommandLine& command_line);
int history(const CommandLine& command_line);
int snapshot(const CommandLine& command_line);
int print_log(const CommandLine& command_line);
/// `plan --models`: the revisions that would close the gap.
int plan_models(const CommandLine& command_line);
int print_models(const CommandLine& command_line);
int healthcheck(const CommandLine& command_line);

/// Of the one database whose models are compared with its migrations: a live one is asked only
/// where it is named, and not because of a DATABASE_URL.
DatabaseSettings settings_without_a_database(const Overrides& overrides);

/// What `check`, `diff` and `explain` found, on stdout in the format asked for; returns their exit
/// code.
int print(const AllPublished& all, const CommandLine& command_line);
/// Colour only on a terminal, and never where the user does not want it.
TerminalStyle terminal_style(const CommandLine& command_line);

}  // namespace driftd

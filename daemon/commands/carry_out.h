#pragma once

#include "daemon/commands/command_line.h"
#include "daemon/publish/publish.h"

/// One function a command; each returns the exit code and throws Error.
namespace driftd {

int serve(const CommandLine& command_line);
int check(const CommandLine& command_line);
int diff(const CommandLine& command_line);
int history(const CommandLine& command_line);
int healthcheck(const CommandLine& command_line);

/// What `check` and `diff` found, on stdout in the format asked for; returns their exit code.
int print(const AllPublished& all, const CommandLine& command_line);

}  // namespace driftd

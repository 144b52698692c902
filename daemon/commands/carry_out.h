#pragma once

#include "daemon/commands/command_line.h"

/// One function a command; each returns the exit code and throws Error.
namespace driftd {

int serve(const CommandLine& command_line);
int check(const CommandLine& command_line);
int healthcheck(const CommandLine& command_line);

}  // namespace driftd

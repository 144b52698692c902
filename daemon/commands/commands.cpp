#include "daemon/commands/commands.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/command_line.h"
#include "daemon/ddl_log/sql.h"
#include "daemon/http/build_info.h"

namespace driftd {
namespace {

int carry_out(const CommandLine& command_line) {
  switch (command_line.command) {
    case Command::Serve:
      return serve(command_line);
    case Command::Check:
      return check(command_line);
    case Command::Explain:
      return explain(command_line);
    case Command::History:
      return history(command_line);
    case Command::Snapshot:
      return snapshot(command_line);
    case Command::Log:
      return print_log(command_line);
    case Command::DdlLog:
      fmt::print("{}", command_line.remove
                           ? ddl_log::remove_sql()
                           : ddl_log::install_sql({command_line.role, command_line.unlogged}));
      return 0;
    case Command::Plan:
      return plan_models(command_line);
    case Command::PrintModels:
      return print_models(command_line);
    case Command::Diff:
      return diff(command_line);
    case Command::Healthcheck:
      return healthcheck(command_line);
    case Command::CheckConfig:
      effective_settings(command_line.overrides);
      fmt::print("the settings are right\n");
      return 0;
    case Command::PrintConfig:
      fmt::print("{}", print_settings(effective_settings(command_line.overrides)));
      return 0;
    case Command::Version: {
      const BuildInfo build = build_info();
      fmt::print("driftd {} (revision {}, {})\n", build.version, build.revision, build.compiler);
      return 0;
    }
  }
  return 1;
}

}  // namespace

int run(int argc, char** argv) {
  // A reader that goes away is seen as a failed write.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const Parsed parsed = parse_command_line(argc, argv);
    if (!parsed.command_line) return parsed.exit_code;
    const int code = carry_out(*parsed.command_line);
    // A result that nobody got is no result.
    return std::fflush(stdout) == 0 ? code : 1;
  } catch (const Error& e) {
    fmt::print(stderr, "driftd: {}\n", e.what());
    if (!e.hint().empty()) fmt::print(stderr, "{}\n", e.hint());
  } catch (const std::exception& e) {
    fmt::print(stderr, "driftd: {}\n", e.what());
  }
  return 1;
}

}  // namespace driftd

#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/commands/carry_out.h"
#include "daemon/publish/words.h"
#include "daemon/publish/writer.h"
#include "daemon/state/log.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

std::string state_file(const CommandLine& command_line) {
  if (!command_line.state.empty()) return command_line.state;
  if (!command_line.overrides.config_file.empty()) {
    const Settings settings = load_settings(command_line.overrides.config_file);
    for (const DatabaseSettings& database : settings.databases) {
      const bool wanted = command_line.database.empty() || database.name == command_line.database;
      if (wanted && !database.state.empty()) return database.state;
    }
  }
  throw Error(Reason::Settings, "no state file is named",
              "Name it with --state, or give --config.file of a driftd that has state.");
}

boost::json::object json(const state::Event& event) {
  return {{"at", rfc3339(event.at)},
          {"database", event.database},
          {"comparison", event.comparison},
          {"event", event.event},
          {"kind", event.kind},
          {"object", event.object},
          {"drift", event.drift},
          {"impact", event.impact},
          {"fingerprint", event.fingerprint},
          {"detail", event.detail},
          {"changed_by", event.changed_by}};
}

}  // namespace

int print_log(const CommandLine& command_line) {
  const auto events =
      state::read_log(state_file(command_line), command_line.database, command_line.most);
  const Writer style(terminal_style(command_line));
  for (const state::Event& event : events) {
    if (command_line.format == Format::Json) {
      fmt::print("{}\n", boost::json::serialize(json(event)));
      continue;
    }
    std::string line =
        fmt::format("{}  {}{}  {}", for_people(event.at), shown(event.database),
                    event.comparison == "models" ? " (models)" : "", style.bold(event.event));
    if (!event.object.empty()) {
      line += fmt::format("  {} {} {}, {}", shown(event.kind), shown(event.object), event.drift,
                          event.impact);
    }
    fmt::print("{}\n", line);
    if (!event.detail.empty()) fmt::print("    {}\n", shown(event.detail));
    if (!event.changed_by.empty()) fmt::print("    {}\n", shown(event.changed_by));
  }
  return 0;
}

}  // namespace driftd

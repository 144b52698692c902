#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/look.h"
#include "daemon/log/log.h"

namespace driftd {

int check(const CommandLine& command_line) {
  if (command_line.models) return check_models(command_line);
  const Settings settings = effective_settings(command_line.overrides);
  log::configure(log::parse_level(settings.log.level), log::parse_format(settings.log.format));
  AllPublished all;
  {
    const Companion companion;
    for (const DatabaseSettings& database : settings.databases) {
      ExpectedSchemas expected(database.scratch);
      LookMemory memory;
      all.push_back(
          std::make_shared<const Published>(look(database, expected, memory, companion.stop())));
    }
  }
  return print(all, command_line);
}

}  // namespace driftd

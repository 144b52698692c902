#include <fmt/format.h>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/publish/writer.h"
#include "expected_schema/models/models.h"

namespace driftd {

int print_models(const CommandLine& command_line) {
  const DatabaseSettings settings = models_settings(command_line.overrides);
  const Companion companion;
  const Models models = models_of(settings.models, settings.history.declared, companion.stop());
  std::string place;
  for (const ModelStatement& one : models.statements) {
    const Place& from = one.statement.place;
    std::string where = to_string({from.file, from.line, 0});
    if (where != place) fmt::print("-- {}\n", shown(where));
    place = std::move(where);
    fmt::print("{};\n", one.statement.sql);
  }
  for (const UnreadModel& one : models.unread) {
    fmt::print(stderr, "driftd: {}{}\n", one.table.empty() ? "" : "table " + one.table + ": ",
               one.error.what());
  }
  return models.unread.empty() ? 0 : 1;
}

}  // namespace driftd

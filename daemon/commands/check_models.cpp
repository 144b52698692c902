#include <fmt/format.h>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/target.h"
#include "daemon/log/log.h"
#include "daemon/watch/models_look.h"
#include "daemon/watch/waivers_cache.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/history/history.h"

namespace driftd {
namespace {

Report compared(const DatabaseSettings& settings, const std::stop_token& stop) {
  const auto history = open_history(settings.history);
  const Live live = live_or_plain(settings, *history, stop);
  ExpectedSchemas schemas(settings.scratch);
  Report report = compare_models(settings, *history, live.target, schemas, stop).report;
  WaiversCache().apply(settings.waivers, report, report.looked);
  return report;
}

}  // namespace

DatabaseSettings settings_without_a_database(const Overrides& overrides) {
  DatabaseSettings settings = history_settings(overrides);
  // A pull request's DATABASE_URL is a database of its tests; a database to be like is named.
  if (overrides.database.empty() && overrides.config_file.empty()) settings.endpoint.conninfo = "";
  // Where nobody is asked what is applied it matters not where that would stand.
  if (settings.endpoint.conninfo.empty() && settings.history.table.name.empty() &&
      settings.history.tool.empty()) {
    settings.history.table.name = "alembic_version";
  }
  if (!settings.models.named()) {
    throw Error(Reason::Settings, "check --models does not know the models",
                "Name their files with --models.path, or a command that prints their CREATE "
                "statements with "
                "--models.command; or models in the settings file.");
  }
  return settings;
}

int check_models(const CommandLine& command_line) {
  const Overrides& overrides = command_line.overrides;
  const DatabaseSettings settings = settings_without_a_database(overrides);
  if (!overrides.config_file.empty()) {
    const Settings all = load_settings(overrides.config_file);
    log::configure(log::parse_level(all.log.level), log::parse_format(all.log.format));
  }
  auto published = std::make_shared<Published>();
  published->name = settings.name.empty() ? "models" : settings.name + " (models)";
  {
    const Companion companion;
    try {
      published->last_good = std::make_shared<const Report>(compared(settings, companion.stop()));
      published->looked = published->last_success = published->last_good->looked;
      published->full_reads = 1;
    } catch (const Error& error) {
      if (companion.stop().stop_requested()) throw;
      Unknown unknown;
      unknown.stage = "models";
      unknown.reason = error.reason();
      unknown.message = error.message();
      unknown.hint = error.hint();
      unknown.place = error.place();
      unknown.since = unknown.looked = std::chrono::system_clock::now();
      published->looked = unknown.looked;
      published->unknown = std::move(unknown);
    }
  }
  published->looks = 1;
  return print({published}, command_line);
}

}  // namespace driftd

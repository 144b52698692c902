#include <fmt/format.h>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/target.h"
#include "daemon/compare/compare.h"
#include "daemon/compare/unmodelled.h"
#include "daemon/judge/of_models.h"
#include "daemon/log/log.h"
#include "expected_schema/base/text.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/history/history.h"

namespace driftd {
namespace {

/// Which migration set what differs, or dropped what the models still have.
void trace_to_migrations(Report& report, ExpectedSchemas& schemas, const AppliedHistory& migrations,
                         const Target& target, const Scope& scope, const std::stop_token& stop) {
  std::vector<ObjectId> ids;
  for (const Finding& finding : report.findings) ids.push_back(finding.drift.object);
  if (!ids.empty()) {
    attach_provenance(report, schemas.origins(migrations, target, scope, ids, stop));
  }
}

Report compare_models(const DatabaseSettings& settings, const std::stop_token& stop) {
  const auto history = open_history(settings.history);
  const Live live = live_or_plain(settings, *history, stop);
  const AppliedHistory migrations = history->all();
  const std::string ddl =
      print_models(settings.models, settings.history.declared.environment, stop);
  ExpectedSchemas schemas(settings.scratch);
  const auto migrated = schemas.of(migrations, live.target, settings.scope, stop);
  const Catalogue& catalogue = migrated->expected.catalogue;
  const auto modelled =
      schemas.of(history_of_models(ddl, join(settings.models.command.words, " "), catalogue),
                 live.target, settings.scope, stop);

  Report report;
  report.name = settings.name.empty() ? "models" : settings.name + " (models)";
  report.server.version = std::to_string(live.target.server_major);
  report.objects = modelled->expected.catalogue.objects().size();
  report.expected_digest = modelled->digest;
  report.looked = std::chrono::system_clock::now();
  report.notes = migrated->notes;
  report.notes.push_back(fmt::format("the models are compared with all migrations, {} in number",
                                     migrations.applied.size()));
  std::vector<Drift> drifts = compare(modelled->expected, Actual{catalogue.copy()});
  drop_unmodelled(drifts, migrations.table.name);
  judge_models(report, std::move(drifts), report.looked);
  trace_to_migrations(report, schemas, migrations, live.target, settings.scope, stop);
  return report;
}

}  // namespace

int check_models(const CommandLine& command_line) {
  const Overrides& overrides = command_line.overrides;
  DatabaseSettings settings = history_settings(overrides);
  // A pull request's DATABASE_URL is a database of its tests; a database to be like is named.
  if (overrides.database.empty() && overrides.config_file.empty()) settings.endpoint.conninfo = "";
  // Where nobody is asked what is applied it matters not where that would stand.
  if (settings.endpoint.conninfo.empty() && settings.history.table.name.empty() &&
      settings.history.tool.empty()) {
    settings.history.table.name = "alembic_version";
  }
  if (!settings.models.named()) {
    throw Error(
        Reason::Settings, "check --models does not know the models",
        "Name a command that prints their CREATE statements: --models.command, or models in "
        "the settings file.");
  }
  if (!overrides.config_file.empty()) {
    const Settings all = load_settings(overrides.config_file);
    log::configure(log::parse_level(all.log.level), log::parse_format(all.log.format));
  }
  auto published = std::make_shared<Published>();
  published->name = settings.name.empty() ? "models" : settings.name + " (models)";
  {
    const Companion companion;
    try {
      published->last_good =
          std::make_shared<const Report>(compare_models(settings, companion.stop()));
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

#include <fmt/format.h>

#include <array>
#include <utility>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/diff_source.h"
#include "daemon/compare/extension_members.h"
#include "daemon/compare/unmodelled.h"
#include "daemon/ddl_log/own_objects.h"
#include "daemon/log/log.h"
#include "daemon/publish/publish.h"
#include "daemon/watch/models_look.h"

namespace driftd {
namespace {

DiffSource::Read read(std::string_view which, const DiffSource& source,
                      const DatabaseSettings& settings, const std::stop_token& stop) {
  try {
    return source.read(settings, stop);
  } catch (const Error& error) {
    throw Error(error.reason(), fmt::format("{} database: {}", which, error.message()),
                error.hint(), error.place());
  }
}

/// Both sides: databases first, for what is made on a scratch server is made like them.
std::pair<DiffSource::Read, DiffSource::Read> read_both(const DiffSource& first,
                                                        const DiffSource& second,
                                                        const DatabaseSettings& settings,
                                                        const std::stop_token& stop) {
  if (second.is_database()) {
    DiffSource::Read there = read("the second", second, settings, stop);
    DiffSource::Read wanted = first.is_database()
                                  ? read("the first", first, settings, stop)
                                  : first.make(settings, &second, &there.catalogue, stop);
    return {std::move(wanted), std::move(there)};
  }
  if (first.is_database()) {
    DiffSource::Read wanted = read("the first", first, settings, stop);
    DiffSource::Read there = second.make(settings, &first, &wanted.catalogue, stop);
    return {std::move(wanted), std::move(there)};
  }
  // Models find the schemas and extensions of the other side.
  DiffSource::Read there = second.make(settings, nullptr, nullptr, stop);
  DiffSource::Read wanted = first.make(settings, nullptr, &there.catalogue, stop);
  return {std::move(wanted), std::move(there)};
}

std::string shown(const DiffSource& source, const DiffSource::Read& read) {
  return source.is_database() ? "database " + read.server.database : source.shown();
}

/// The impact table speaks of migrations; here is a first database in their place.
void speak_of_two_databases(Report& report) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words{{
      {"is in no migration", "is only in the second database"},
      {"are in no migration", "are only in the second database"},
      {"in no migration", "only in the second database"},
      {"by no migration", "only in the second database"},
      {"where the migrations leave", "where the first database leaves"},
  }};
  for (Finding& finding : report.findings) {
    for (const auto& [from, to] : words) {
      const auto at = finding.consequence.find(from);
      if (at != std::string::npos) finding.consequence.replace(at, from.size(), to);
    }
  }
}

}  // namespace

int diff(const CommandLine& command_line) {
  DatabaseSettings settings;
  if (!command_line.overrides.config_file.empty()) {
    settings = load_settings(command_line.overrides.config_file).defaults;
  }
  if (!command_line.overrides.models_packages.empty()) {
    settings.models.packages = command_line.overrides.models_packages;
  }
  if (!command_line.schemas.empty()) settings.scope.schemas = command_line.schemas;
  if (!command_line.exclude_schemas.empty()) {
    settings.scope.exclude_schemas = command_line.exclude_schemas;
  }
  if (!command_line.groups.empty()) settings.scope.groups = command_line.groups;

  auto published = std::make_shared<Published>();
  auto report = std::make_shared<Report>();
  {
    const Companion companion;
    const DiffSource first = DiffSource::parse(command_line.databases[0]);
    const DiffSource second = DiffSource::parse(command_line.databases[1]);
    if (second.kind() == DiffSource::Kind::Models && first.kind() != second.kind()) {
      throw Error(Reason::Settings, "the models are what is expected", "Name them first.");
    }
    auto [expected, actual] = read_both(first, second, settings, companion.stop());
    if (companion.stop().stop_requested()) throw Error(Reason::Timeout, "interrupted");
    report->name = actual.server.database;
    report->server = actual.server;
    report->objects = expected.catalogue.objects().size();
    report->looked = std::chrono::system_clock::now();
    report->notes.push_back("expected is " + shown(first, expected));
    for (DiffSource::Read* side : {&expected, &actual}) {
      report->notes.insert(report->notes.end(), side->notes.begin(), side->notes.end());
      report->unread.insert(report->unread.end(), side->unread.begin(), side->unread.end());
    }
    std::vector<Undetermined> undetermined = std::move(expected.undetermined);
    undetermined.insert(undetermined.end(), actual.undetermined.begin(), actual.undetermined.end());
    const Expected wanted{ddl_log::without_own_objects(std::move(expected.catalogue)),
                          std::move(undetermined)};
    const Actual there{ddl_log::without_own_objects(std::move(actual.catalogue))};
    RunTimeRules rules = run_time_rules(settings);
    rules.expected_in_use = first.is_database();
    std::vector<Drift> drifts = compare(wanted, there, rules, report->run_time);
    settle_extension_members(drifts, wanted, there);
    if (first.kind() == DiffSource::Kind::Models) {
      std::erase_if(drifts, [](const Drift& drift) { return drift.like.has_value(); });
      drop_unmodelled(drifts, "alembic_version");
    }
    drop_unread(drifts, unread_tables(report->unread));
    judge(*report, std::move(drifts), Policy{.confirm_looks = 1}, nullptr, report->looked);
    speak_of_two_databases(*report);
  }
  published->name = report->name;
  published->looked = published->last_success = report->looked;
  published->looks = published->full_reads = 1;
  published->last_good = report;
  return print({published}, command_line);
}

}  // namespace driftd

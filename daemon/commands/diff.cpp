#include <fmt/format.h>

#include <array>
#include <utility>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/compare/compare.h"
#include "daemon/compare/extension_members.h"
#include "daemon/log/log.h"
#include "daemon/publish/publish.h"
#include "daemon/watch/settled.h"
#include "expected_schema/postgres/endpoint.h"

namespace driftd {
namespace {

Settled read(std::string_view which, const std::string& where, const Scope& scope,
             const DatabaseSettings& settings, const std::stop_token& stop) {
  try {
    Endpoint endpoint = settings.endpoint;
    endpoint.conninfo = libpq_conninfo(where);
    return read_settled(endpoint, scope, settings.limits, settings.snapshot, stop);
  } catch (const Error& error) {
    throw Error(error.reason(), fmt::format("{} database: {}", which, error.message()),
                error.hint(), error.place());
  }
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
  if (!command_line.schemas.empty()) settings.scope.schemas = command_line.schemas;
  if (!command_line.exclude_schemas.empty()) {
    settings.scope.exclude_schemas = command_line.exclude_schemas;
  }
  if (!command_line.groups.empty()) settings.scope.groups = command_line.groups;

  auto published = std::make_shared<Published>();
  auto report = std::make_shared<Report>();
  {
    const Companion companion;
    Settled expected =
        read("the first", command_line.databases[0], settings.scope, settings, companion.stop());
    Settled actual =
        read("the second", command_line.databases[1], settings.scope, settings, companion.stop());
    if (companion.stop().stop_requested()) throw Error(Reason::Timeout, "interrupted");
    report->name = actual.server.database;
    report->server = actual.server;
    report->objects = expected.catalogue.objects().size();
    report->looked = std::chrono::system_clock::now();
    report->notes.push_back(fmt::format("expected is database {}", expected.server.database));
    const Expected wanted{std::move(expected.catalogue)};
    const Actual there{std::move(actual.catalogue)};
    std::vector<Drift> drifts = compare(wanted, there);
    settle_extension_members(drifts, wanted, there);
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

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/target.h"
#include "daemon/compare/compare.h"
#include "daemon/compare/unmodelled.h"
#include "daemon/plan/plan.h"
#include "daemon/publish/writer.h"
#include "daemon/watch/models_look.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

struct Planned {
  plan::Plan plan;
  std::vector<plan::RevisionFile> files;
  std::vector<Unread> unread;
  std::string unchecked;  ///< why the revisions could not be checked; empty: they were
};

/// Whether the revisions lead to the models, and back to where they began. Throws what a replay
/// throws; returns what is left.
std::string check(const plan::Plan& plan, const std::vector<plan::RevisionFile>& files,
                  const ComparedModels& compared, const History& history, const Target& target,
                  const DatabaseSettings& settings, ExpectedSchemas& schemas,
                  const std::stop_token& stop) {
  const Scope& scope = settings.scope;
  std::vector<Draft> drafts;
  for (const plan::RevisionFile& file : files) drafts.push_back({file.name, file.text});
  const auto there = schemas.of(history.all_and(drafts, false), target, scope, stop);
  std::vector<Drift> left =
      compare(Expected{compared.modelled->expected.catalogue.copy(), there->expected.undetermined},
              Actual{there->expected.catalogue.copy()});
  drop_unmodelled(left, history.version_table().name, settings.model_rules);
  drop_mapped_views(left, there->expected.catalogue);
  drop_unread(left, unread_tables(compared.report.unread));
  std::erase_if(left, [&](const Drift& drift) {
    return std::ranges::find(plan.by_hand, drift.object) != plan.by_hand.end();
  });
  if (!left.empty()) {
    return fmt::format("after them {} {} still differs", left.front().object.kind,
                       left.front().object.identity);
  }
  const bool can_go_back = std::ranges::none_of(
      plan.changes, [](const plan::Change& change) { return change.downgrade.empty(); });
  if (!can_go_back) return {};
  const auto back = schemas.of(history.all_and(drafts, true), target, scope, stop);
  std::vector<Drift> after =
      compare(compared.migrated->expected, Actual{back->expected.catalogue.copy()});
  // A column that was dropped and comes back stands last.
  std::erase_if(after, [](Drift& drift) {
    std::erase_if(drift.differences,
                  [](const Difference& one) { return one.property == "position"; });
    return drift.kind == DriftKind::Changed && drift.differences.empty();
  });
  if (after.empty()) return {};
  return fmt::format("their downgrades leave {} {} otherwise", after.front().object.kind,
                     after.front().object.identity);
}

Planned planned(const DatabaseSettings& settings, const std::stop_token& stop) {
  const auto history = open_history(settings.history);
  if (history->tool() != "alembic") {
    throw Error(
        Reason::Settings,
        "driftd plan writes revisions of Alembic, and the history is of " + history->tool());
  }
  const std::vector<std::string> heads = history->heads();
  if (heads.size() > 1) {
    throw Error(Reason::History,
                fmt::format("the history has {} heads; a plan begins behind one", heads.size()),
                "Merge them first: alembic merge heads.");
  }
  const Live live = live_or_plain(settings, *history, stop);
  ExpectedSchemas schemas(settings.scratch);
  const ComparedModels compared = compare_models(settings, *history, live.target, schemas, stop);
  const Expected& migrated = compared.migrated->expected;
  std::vector<Drift> drifts =
      compare(Expected{compared.modelled->expected.catalogue.copy(), migrated.undetermined},
              Actual{migrated.catalogue.copy()});
  drop_unmodelled(drifts, history->version_table().name, settings.model_rules);
  drop_mapped_views(drifts, compared.migrated->expected.catalogue);
  drop_unread(drifts, unread_tables(compared.report.unread));
  Planned result;
  result.unread = compared.report.unread;
  result.plan = plan::plan_of(drifts, compared.modelled->expected.catalogue,
                              compared.migrated->expected.catalogue);
  result.files =
      plan::revisions_of(result.plan.changes, heads.empty() ? std::string() : heads.front());
  if (result.files.empty()) return result;
  try {
    result.unchecked =
        check(result.plan, result.files, compared, *history, live.target, settings, schemas, stop);
  } catch (const Error& error) {
    if (stop.stop_requested()) throw;
    result.unchecked = error.what();
  }
  return result;
}

void write(const std::string& folder, const plan::RevisionFile& file) {
  const std::filesystem::path path = std::filesystem::path(folder) / file.name;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    throw Error(Reason::Settings, fmt::format("{} is there already", path.string()));
  }
  std::ofstream out(path, std::ios::binary);
  out << file.text;
  out.close();
  if (!out) throw Error(Reason::Settings, fmt::format("cannot write {}", path.string()));
  fmt::print("{}\n", path.string());
}

}  // namespace

int plan_models(const CommandLine& command_line) {
  const DatabaseSettings settings = settings_without_a_database(command_line.overrides);
  const Companion companion;
  const Planned result = planned(settings, companion.stop());
  for (const plan::RevisionFile& file : result.files) {
    if (!command_line.output.empty()) {
      write(command_line.output, file);
    } else {
      fmt::print("# {}\n", file.name);
      for (const std::string& line : split(file.text, '\n')) fmt::print("{}\n", shown(line));
    }
  }
  for (const ObjectId& object : result.plan.by_hand) {
    fmt::print(stderr, "driftd: {} {} is left to be written by hand\n", object.kind,
               shown(object.identity));
  }
  for (const Unread& part : result.unread) {
    fmt::print(stderr, "driftd: {}: {}; nothing is planned for it\n", to_string(part.place),
               shown(part.message));
  }
  if (!result.unchecked.empty()) {
    fmt::print(stderr, "driftd: the revisions were replayed, and must be corrected by hand: {}\n",
               shown(result.unchecked));
  }
  if (result.files.empty() && result.plan.by_hand.empty() && result.unread.empty()) {
    fmt::print(stderr, "driftd: the migrations make what the models describe; nothing to plan\n");
  }
  const bool whole =
      result.unchecked.empty() && result.plan.by_hand.empty() && result.unread.empty();
  return whole ? 0 : 1;
}

}  // namespace driftd

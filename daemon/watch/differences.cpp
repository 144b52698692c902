#include "daemon/watch/differences.h"

#include <optional>

#include "daemon/compare/extension_members.h"
#include "daemon/compare/spoken.h"
#include "daemon/ddl_log/own_objects.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/tenants.h"

namespace driftd {
namespace {

/// A tool makes its table itself, each version of it a little otherwise.
void drop_table(std::vector<Drift>& drifts, const VersionTable& table, bool with_schema) {
  const std::string name = quote_identifier(table.name);
  const ObjectId schema{"schema", quote_identifier(table.schema)};
  const ObjectId plain_schema{"schema", table.schema};
  std::erase_if(drifts, [&](const Drift& drift) {
    const std::string& identity = drift.object.identity;
    if (with_schema && drift.kind == DriftKind::Unexpected &&
        (drift.object == schema || drift.object == plain_schema)) {
      return true;
    }
    return drift.kind == DriftKind::Unexpected && drift.object.kind == "table" &&
           (identity.ends_with("." + table.name) || identity.ends_with("." + name)) &&
           (table.schema.empty() || identity.starts_with(table.schema + ".") ||
            identity.starts_with(quote_identifier(table.schema) + "."));
  });
}

}  // namespace

std::vector<Drift> differences(const Expected& expected, const Actual& actual,
                               const AppliedHistory& history, const DatabaseSettings& settings,
                               const Expected& spoken, RunTime& run_time,
                               const std::string& tenant) {
  std::optional<Expected> without_log;
  if (ddl_log::has_own_objects(expected.catalogue)) {
    without_log.emplace(
        Expected{ddl_log::without_own_objects(expected.catalogue.copy()), expected.undetermined});
  }
  const Expected& wanted = without_log ? *without_log : expected;
  RunTimeRules rules = run_time_rules(settings);
  if (!tenant.empty()) {
    rules.schema = tenant;
    rules.spoken_schema = tenant_schema;
  }
  std::vector<Drift> drifts = compare(wanted, actual, rules, run_time);
  settle_extension_members(drifts, wanted, actual);
  if (history.keeps_own_table) drop_table(drifts, history.table, history.keeps_own_schema);
  drop_unspoken(drifts, spoken, privileges_named(settings.privileges));
  return drifts;
}

std::vector<Drift> differences(const Expected& expected, const Actual& actual,
                               const AppliedHistory& history, const DatabaseSettings& settings,
                               const Expected& spoken) {
  RunTime run_time;
  return differences(expected, actual, history, settings, spoken, run_time);
}

}  // namespace driftd

#include "expected_schema/postgres/catalogue_writes.h"

#include <fmt/format.h>

#include "expected_schema/base/text.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd {
namespace {

constexpr int reports_when_idle = 15;

/// Names resolve in pg_catalog alone, since nothing here is under a search path of ours.
std::string query_for(int server_major) {
  std::vector<std::string> names;
  for (const std::string& name : fingerprinted_tables(server_major)) {
    names.push_back("'pg_catalog." + name + "'::pg_catalog.regclass");
  }
  return fmt::format(
      "SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery()"
      "              AND pg_catalog.current_setting('track_counts') OPERATOR(pg_catalog.=) 'on'"
      " THEN (SELECT pg_catalog.concat_ws(' ',"
      "  pg_catalog.sum(pg_catalog.pg_stat_get_tuples_inserted(c)),"
      "  pg_catalog.sum(pg_catalog.pg_stat_get_tuples_updated(c)),"
      "  pg_catalog.sum(pg_catalog.pg_stat_get_tuples_deleted(c)),"
      "  pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time()),"
      "  pg_catalog.date_part('epoch', pg_catalog.pg_stat_get_db_stat_reset_time("
      "    (SELECT oid FROM pg_catalog.pg_database"
      "      WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database()))))"
      " FROM pg_catalog.unnest(ARRAY[{}]) c) END",
      join(names, ", "));
}

}  // namespace

std::optional<std::string> catalogue_writes(Session& session) {
  if (session.server_major() < reports_when_idle) return std::nullopt;
  const Rows rows = session.query(query_for(session.server_major()));
  const auto value = rows.at(0, 0);
  if (!value) return std::nullopt;
  return std::string(*value);
}

}  // namespace driftd

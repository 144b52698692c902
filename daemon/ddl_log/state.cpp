#include "daemon/ddl_log/state.h"

#include <fmt/format.h>

#include "daemon/ddl_log/sql.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd::ddl_log {
namespace {

constexpr const char* state_sql = R"sql(
SELECT current_user,
       CASE WHEN pg_is_in_recovery() THEN '' ELSE txid_current_snapshot()::text END,
       c.oid IS NOT NULL,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
       NOT (c.relpersistence = 'u' AND pg_is_in_recovery()),
       (SELECT count(*) = 2 FROM pg_event_trigger e
         WHERE e.evtname IN ('driftd_ddl_log', 'driftd_ddl_log_drop')
           AND e.evtfoid = p.oid AND e.evtenabled IN ('O', 'A')),
       p.prosrc,
       current_setting('max_prepared_transactions') = '0'
  FROM (SELECT) one
  LEFT JOIN pg_namespace n ON n.nspname = 'driftd'
  LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'ddl_log' AND c.relkind = 'r'
  LEFT JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = 'log_ddl' AND p.pronargs = 0)sql";

constexpr const char* again =
    "run what driftd ddl-log --print-sql prints, once more, as the role that installed it";

}  // namespace

State state(Snapshot& snapshot) {
  const Rows rows = snapshot.query(state_sql);
  const auto is = [&](std::size_t column) { return rows.at(0, column) == "t"; };
  State found;
  found.role = rows.text(0, 0);
  found.visible = rows.text(0, 1);
  found.there = is(2);
  found.readable = is(3);
  found.standing = found.there && is(4);
  found.on = is(5);
  found.ours = rows.at(0, 6) == function_body();
  found.notifies = is(7);
  return found;
}

std::vector<std::string> complaints(const State& state, bool read, bool listens) {
  std::vector<std::string> all;
  if (listens && !state.there) {
    all.emplace_back(
        "ddl_log.listen has nobody to hear: the database has no DDL log; driftd ddl-log "
        "--print-sql "
        "prints the SQL that installs it");
  } else if (listens && !state.notifies) {
    all.emplace_back(
        "ddl_log.listen has nobody to hear: where max_prepared_transactions is not 0 the DDL log "
        "does not notify, since a transaction that has notified cannot be prepared");
  }
  if (!state.there) return all;
  if (read && !state.readable) {
    all.push_back(fmt::format("the database has a DDL log that {} may not read: {}", state.role,
                              join(split(trim(grants_to(state.role)), '\n'), " ")));
  } else if (read && !state.standing) {
    all.emplace_back(
        "the DDL log is an unlogged table, which cannot be read on a standby: who changed the "
        "schema is not told here");
  }
  if (!state.on) {
    all.push_back(
        fmt::format("the DDL log logs nothing: its event triggers are missing or off; {}", again));
  } else if (!state.ours) {
    all.push_back(fmt::format("the DDL log is not the one that this driftd prints; {}", again));
  }
  return all;
}

void require(const State& state) {
  if (!state.there) {
    throw Error(Reason::Settings, "the database has no DDL log, which ddl_log.read requires",
                "driftd ddl-log --print-sql prints the SQL that installs it.");
  }
  if (state.readable && state.standing && state.on) return;
  throw Error(state.readable ? Reason::Settings : Reason::Permission,
              complaints(state, true, false).front(), "ddl_log.read: auto looks without it.");
}

}  // namespace driftd::ddl_log

#include "expected_schema/postgres/server_state.h"

#include <charconv>

namespace driftd {
namespace {

// What a snapshot shows is told by which transactions have ended; on a standby its text leaves out
// who has not. After a fail-over the same numbers come again, from another postmaster. Outside of a
// Snapshot the search path is anybody's, so all names are qualified, and no operator is used.
constexpr const char* state_sql =
    "SELECT pg_catalog.current_database(), c.system_identifier,"
    "       pg_catalog.current_setting('server_version'),"
    "       pg_catalog.current_setting('server_version_num'),"
    "       r.in_recovery, CASE WHEN r.in_recovery THEN NULL ELSE pg_catalog.concat_ws(' ',"
    "         pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.pg_postmaster_start_time()),"
    "                            'YYYYMMDDHH24MISSUS'), pg_catalog.txid_current_snapshot()) END"
    "  FROM pg_catalog.pg_control_system() c,"
    "       (SELECT pg_catalog.pg_is_in_recovery() AS in_recovery) r";

ServerState state_of(const Rows& rows) {
  ServerState state;
  state.database = rows.text(0, 0);
  state.system_identifier = rows.text(0, 1);
  state.version = rows.text(0, 2);
  const std::string number = rows.text(0, 3);
  std::from_chars(number.data(), number.data() + number.size(), state.major);
  state.major /= 10000;
  state.in_recovery = rows.at(0, 4) == "t";
  if (const auto moment = rows.at(0, 5)) state.moment = *moment;
  return state;
}

}  // namespace

ServerState server_state(Session& session) {
  return state_of(session.query(state_sql));
}

ServerState server_state(Snapshot& snapshot) {
  return state_of(snapshot.query(state_sql));
}

}  // namespace driftd

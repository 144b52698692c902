#include "expected_schema/introspect/introspect.h"

#include <algorithm>
#include <array>
#include <map>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

// What decides where unqualified names go, how literals are read, and what is left out of DDL.
constexpr std::array<std::string_view, 8> replayed_settings{
    "check_function_bodies",       "datestyle",     "default_table_access_method",
    "default_toast_compression",   "intervalstyle", "search_path",
    "standard_conforming_strings", "timezone"};

// The more specific comes later and wins: a role's setting over a database's, one for both over
// either (https://www.postgresql.org/docs/current/sql-alterrole.html).
constexpr const char* settings_sql =
    "SELECT entry FROM pg_database d JOIN pg_roles r ON r.rolname = $1"
    "  JOIN pg_db_role_setting s ON s.setdatabase IN (0, d.oid) AND s.setrole IN (0, r.oid)"
    "  CROSS JOIN LATERAL unnest(s.setconfig) entry"
    " WHERE d.datname = current_database()"
    " ORDER BY s.setrole <> 0, s.setdatabase <> 0";

std::vector<std::pair<std::string, std::string>> read_settings(Snapshot& snapshot,
                                                               const std::string& owner) {
  const Rows rows = snapshot.query(settings_sql, {owner});
  std::map<std::string, std::string> settings;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string entry = rows.text(row, 0);
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = lower(entry.substr(0, equals));
    if (std::ranges::find(replayed_settings, name) == replayed_settings.end()) continue;
    settings.insert_or_assign(name, entry.substr(equals + 1));
  }
  return {settings.begin(), settings.end()};
}

}  // namespace

Target read_target(Snapshot& snapshot, const std::string& main_owner) {
  const Rows database = snapshot.query(
      "SELECT pg_encoding_to_char(encoding), coalesce(datcollate, ''), coalesce(datctype, ''),"
      "       pg_get_userbyid(datdba), datname"
      "  FROM pg_database WHERE datname = current_database()");
  Target target;
  target.server_major = snapshot.server_major();
  target.encoding = database.text(0, 0);
  target.collate = database.text(0, 1);
  target.ctype = database.text(0, 2);
  target.owner = main_owner.empty() ? database.text(0, 3) : main_owner;
  target.database = database.text(0, 4);
  // pg_roles, which everybody may read; sorted by bytes as no locale of the server would.
  const Rows roles = snapshot.query(
      "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname COLLATE \"C\"");
  for (std::size_t row = 0; row < roles.size(); ++row) target.roles.push_back(roles.text(row, 0));
  target.settings = read_settings(snapshot, target.owner);
  const Rows extensions =
      snapshot.query("SELECT extname, extversion FROM pg_extension ORDER BY extname COLLATE \"C\"");
  for (std::size_t row = 0; row < extensions.size(); ++row) {
    target.extensions.emplace_back(extensions.text(row, 0), extensions.text(row, 1));
  }
  return target;
}

}  // namespace driftd

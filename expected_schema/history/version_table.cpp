#include <fmt/format.h>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/history.h"

namespace driftd {
namespace {

struct Found {
  std::string schema;
  std::string name;
  std::string owner;
  bool readable = false;
  bool usable_schema = false;
};

// Without a schema Alembic asks for the bare name, so the first schema of the session's search
// path that has it counts. The snapshot has pinned its own, so the role's and the database's
// setting is read as it was when the session began.
constexpr const char* by_search_path =
    "WITH path AS (SELECT row_number() OVER () AS position, trim(both '\"' from trim(entry)) AS "
    "name"
    "  FROM (SELECT regexp_split_to_table(reset_val, ',') AS entry FROM pg_settings"
    "         WHERE name = 'search_path') entries)"
    "SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT'),"
    "       has_schema_privilege(n.oid, 'USAGE'), pg_get_userbyid(c.relowner)"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  LEFT JOIN path ON n.nspname = CASE path.name WHEN '$user' THEN session_user::text"
    "                                               ELSE path.name END"
    " WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    "   AND (path.position IS NOT NULL OR n.nspname = 'public')"
    " ORDER BY path.position NULLS LAST LIMIT 1";

constexpr const char* by_name =
    "SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT'),"
    "       has_schema_privilege(n.oid, 'USAGE'), pg_get_userbyid(c.relowner)"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    "   AND ($2::text IS NULL OR n.nspname = $2)";

std::optional<Found> find(Snapshot& snapshot, const VersionTable& table) {
  std::optional<std::string> schema;
  if (!table.schema.empty()) schema = table.schema;
  Rows rows = snapshot.query(by_name, {table.name, schema});
  // The search path decides between several; to read it costs more than all else here.
  const bool decided = schema || (rows.size() == 1 && rows.at(0, 0) == "public");
  if (rows.size() > 0 && !decided) rows = snapshot.query(by_search_path, {table.name});
  if (rows.size() == 0) return {};
  return Found{rows.text(0, 0), rows.text(0, 1), rows.text(0, 4), rows.text(0, 2) == "t",
               rows.text(0, 3) == "t"};
}

}  // namespace

std::string owner_of_version_table(Snapshot& snapshot, const VersionTable& table) {
  const auto found = find(snapshot, table);
  return found ? found->owner : std::string();
}

std::optional<std::vector<std::string>> read_version_table(Snapshot& snapshot,
                                                           const VersionTable& table) {
  const auto found = find(snapshot, table);
  if (!found) return std::nullopt;
  const std::string schema = quote_identifier(found->schema);
  const std::string name = schema + "." + quote_identifier(found->name);
  if (!found->readable || !found->usable_schema) {
    const std::string role = quote_identifier(snapshot.query("SELECT current_user").text(0, 0));
    throw Error(Reason::Permission, fmt::format("the version table {} may not be read", name),
                fmt::format("Run as its owner: {}GRANT SELECT ON {} TO {};",
                            found->usable_schema
                                ? ""
                                : fmt::format("GRANT USAGE ON SCHEMA {} TO {}; ", schema, role),
                            name, role));
  }
  const Rows rows = snapshot.query(fmt::format(
      "SELECT said FROM (SELECT ({0})::text AS said FROM {1}) AS t"
      " WHERE said IS NOT NULL ORDER BY said COLLATE \"C\"",
      table.expression.empty() ? quote_identifier(table.column) : table.expression, name));
  std::vector<std::string> revisions;
  for (std::size_t row = 0; row < rows.size(); ++row) revisions.push_back(rows.text(row, 0));
  return revisions;
}

}  // namespace driftd

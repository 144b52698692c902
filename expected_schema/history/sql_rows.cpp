// What the tools write into their tables; see sql_tools.h.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/sql_tools.h"

namespace driftd {
namespace {

std::size_t facts_in_a_row(SqlTool tool) {
  switch (tool) {
    case SqlTool::Flyway:
      return 6;
    case SqlTool::Prisma:
      return 4;
    case SqlTool::Goose:
    case SqlTool::Sqlx:
      return 3;
    case SqlTool::GolangMigrate:
      return 2;
    case SqlTool::Sqitch:
      return 2;
    case SqlTool::Dbmate:
    case SqlTool::Diesel:
    case SqlTool::Structure:
    case SqlTool::Numbered:
      break;
  }
  return 1;
}

bool truth(std::string_view text) {
  return text == "t" || text == "true";
}

}  // namespace

VersionTable version_table_of(SqlTool tool) {
  const auto table = [](std::string name, std::string expression) {
    return VersionTable{"", std::move(name), "", std::move(expression)};
  };
  switch (tool) {
    case SqlTool::Flyway:
      return table("flyway_schema_history",
                   "concat_ws(E'\\t', lpad(installed_rank::text, 10, '0'), coalesce(version, ''), "
                   "type, regexp_replace(script, '^.*/', ''), coalesce(checksum::text, ''), "
                   "success::text)");
    case SqlTool::Prisma:
      return table("_prisma_migrations",
                   "concat_ws(E'\\t', migration_name, checksum, "
                   "(finished_at IS NOT NULL)::text, (rolled_back_at IS NOT NULL)::text)");
    case SqlTool::GolangMigrate:
      return table("schema_migrations", "concat_ws(E'\\t', version::text, dirty::text)");
    case SqlTool::Dbmate:
      return table("schema_migrations", "version::text");
    case SqlTool::Goose:
      return table("goose_db_version",
                   "concat_ws(E'\\t', lpad(id::text, 20, '0'), version_id::text, "
                   "is_applied::text)");
    case SqlTool::Sqlx:
      return table("_sqlx_migrations",
                   "concat_ws(E'\\t', version::text, encode(checksum, 'hex'), success::text)");
    case SqlTool::Diesel:
      return table("__diesel_schema_migrations", "version::text");
    case SqlTool::Sqitch: {
      VersionTable changes = table(
          "changes",
          "concat_ws(E'\\t', change || coalesce('/' || nullif(row_number() OVER (PARTITION BY "
          "project, change ORDER BY committed_at), 1), ''), coalesce(script_hash, ''))");
      changes.schema = "sqitch";
      return changes;
    }
    case SqlTool::Structure:
      return table("schema_migrations", "version::text");
    case SqlTool::Numbered:
      return VersionTable{"", "", "version", ""};
  }
  return {};
}

std::vector<AppliedRow> decode_rows(SqlTool tool, const std::vector<std::string>& rows) {
  std::vector<std::string> sorted = rows;
  std::ranges::sort(sorted);  // by the rank or the id, where there is one
  std::map<std::string, AppliedRow> newest;
  std::vector<AppliedRow> result;
  for (const std::string& row : sorted) {
    const std::vector<std::string> facts = split(row, '\t');
    if (facts.size() != facts_in_a_row(tool)) {
      throw Error(Reason::History,
                  fmt::format("the row `{}` of {}'s table is not understood", row, name_of(tool)),
                  "Check that version_table names the tool's own table.");
    }
    AppliedRow one;
    bool applied = true;
    switch (tool) {
      case SqlTool::Dbmate:
      case SqlTool::Diesel:
      case SqlTool::Structure:
        one.revision = facts.at(0);
        break;
      case SqlTool::Numbered:
        one.revision = number_of_plain_file(facts.at(0));
        // One row alone is where the database stands; several are a list.
        one.up_to = rows.size() == 1;
        if (!one.revision.empty()) break;
        throw Error(Reason::History,
                    fmt::format("the row `{}` of the version table is no number of a file", row),
                    "Name the column that holds numbers or names of files: version_table.column.");
      case SqlTool::Sqitch:
        one.revision = facts.at(0);
        one.checksum = facts.at(1);
        break;
      case SqlTool::GolangMigrate:
        one = {facts.at(0), "", truth(facts.at(1)), true, false, false};
        break;
      case SqlTool::Goose:
        one.revision = facts.at(1);
        applied = truth(facts.at(2)) && one.revision != "0";  // 0 is the table's own beginning
        break;
      case SqlTool::Sqlx:
        one.revision = facts.at(0);
        one.checksum = facts.at(1);
        one.failed = !truth(facts.at(2));
        break;
      case SqlTool::Prisma:
        one.revision = facts.at(0);
        one.checksum = facts.at(1);
        applied = !truth(facts.at(3));  // rolled back is not applied
        one.failed = applied && !truth(facts.at(2));
        break;
      case SqlTool::Flyway: {
        const std::string& type = facts.at(2);
        if (type == "SCHEMA") continue;  // the schemas that Flyway made itself
        if (type != "SQL" && type != "BASELINE" && type != "SQL_BASELINE") {
          throw Error(Reason::History,
                      fmt::format("Flyway's history has a row of the type {}, which no file of SQL "
                                  "tells of",
                                  type),
                      "Let the tool itself run the migrations: migrations.command.");
        }
        one.repeatable = facts.at(1).empty();
        one.revision = one.repeatable ? facts.at(3) : facts.at(1);
        one.checksum = facts.at(4);
        one.failed = !truth(facts.at(5));
        one.not_run = type == "BASELINE";
        break;
      }
    }
    // The newest row of a revision counts.
    newest.erase(one.revision);
    if (applied) newest.emplace(one.revision, one);
  }
  for (auto& [revision, row] : newest) result.push_back(std::move(row));
  return result;
}

}  // namespace driftd

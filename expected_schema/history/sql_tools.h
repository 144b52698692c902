#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/history/history.h"

/// Folders of SQL files, as the tools lay them out. Facts are from each tool's documentation.
namespace driftd {

/// One file, or one folder with a file, of a history in SQL.
struct SqlMigration {
  std::string revision;  ///< as the version table has it
  std::string message;
  std::string file;
  std::string sql;          ///< what an upgrade runs
  int line = 1;             ///< of the file, where `sql` begins
  std::string checksum;     ///< as the tool computes it; empty where it keeps none
  bool repeatable = false;  ///< Flyway: run after all others, again whenever it changes
  bool dump = false;        ///< pg_dump wrote it: it sets things for its session
};

enum class SqlTool {
  Flyway,
  Prisma,
  GolangMigrate,
  Dbmate,
  Goose,
  Sqlx,
  Diesel,
  Sqitch,
  Structure,  ///< Rails' structure.sql: the whole schema, and which migrations led to it
  Numbered,   ///< plain files, `0001_users.sql`; the table is of the user's own making
};

std::string_view name_of(SqlTool tool);
std::optional<SqlTool> sql_tool_named(std::string_view name);

/// The tool whose marks the files in the folder have; nothing where there are none. Files of
/// golang-migrate and of sqlx's reversible migrations look alike: the former is taken.
std::optional<SqlTool> find_sql_tool(const std::string& path);

/// The migrations of the folder, in the order in which the tool runs them. Throws Error{History}
/// with the file for what it does not allow: two of one version, a file without its mark.
std::vector<SqlMigration> read_sql_migrations(const std::string& path, SqlTool tool);

/// The number in front of a plain file's name, without zeros; empty where there is none.
std::string number_of_plain_file(const std::string& name);

/// `2.9` comes before `2.10`.
bool version_comes_before(const std::string& a, const std::string& b);

/// The tool's table; each row is a text of tab-separated facts, which decode_rows understands.
VersionTable version_table_of(SqlTool tool);

struct AppliedRow {
  std::string revision;
  std::string checksum;     ///< empty: unknown
  bool failed = false;      ///< it was begun and not ended
  bool up_to = false;       ///< this revision and all before it
  bool not_run = false;     ///< Flyway's baseline: this revision and those before it were not run
  bool repeatable = false;  ///< the revision is the file's name
};
/// What the rows say is applied, the newest word on each revision. Throws Error{History} for rows
/// that tell of what no SQL file says.
std::vector<AppliedRow> decode_rows(SqlTool tool, const std::vector<std::string>& rows);

}  // namespace driftd

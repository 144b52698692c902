// Rails' guide, "Active Record Migrations", "Schema Dumping and You": pg_dump's output, and one
// INSERT with the versions of all migrations that led to it.
#include <algorithm>
#include <regex>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/dump.h"
#include "expected_schema/history/sql_readers.h"
#include "expected_schema/history/statements.h"

namespace driftd {

namespace fs = std::filesystem;

std::optional<fs::path> structure_file(const fs::path& path) {
  if (path.filename() == "structure.sql" && fs::is_regular_file(path)) return path;
  for (const char* below : {"structure.sql", "db/structure.sql"}) {
    if (fs::is_regular_file(path / below)) return path / below;
  }
  return std::nullopt;
}

std::vector<SqlMigration> read_structure(const fs::path& file) {
  static const std::regex inserts("^INSERT INTO \"?schema_migrations\"? \\(version\\) VALUES");
  static const std::regex version("\\('([^']*)'\\)");
  SqlMigration whole;
  whole.file = file.string();
  whole.message = "all that structure.sql says";
  const std::string text = without_psql(read_file(whole.file), whole.file);
  std::vector<std::string> versions;
  bool within = false;
  for (const std::string& line : split(text, '\n')) {
    within = within || std::regex_search(line, inserts);
    if (within) {
      for (std::sregex_iterator at(line.begin(), line.end(), version), end; at != end; ++at) {
        versions.push_back((*at)[1].str());
      }
    }
    // What the rows are is no part of the schema, and their lines stay for the places behind them.
    whole.sql += (within ? std::string() : line) + "\n";
    if (within && line.find(';') != std::string::npos) within = false;
  }
  if (versions.empty()) {
    throw Error(Reason::History, "structure.sql says of no migration that it is in it",
                "It ends with INSERT INTO \"schema_migrations\" where Rails wrote it.",
                {whole.file, 0, 0});
  }
  std::ranges::sort(versions);
  std::vector<SqlMigration> result;
  for (const std::string& one : versions) {
    SqlMigration migration;
    migration.revision = one;
    migration.message = "is in structure.sql";
    migration.file = whole.file;
    result.push_back(std::move(migration));
  }
  result.back().sql = whole.sql;
  result.back().dump = true;
  result.back().message = whole.message;
  return result;
}

}  // namespace driftd

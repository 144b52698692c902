// The coverage contract: every column of every system catalogue is read by some kind's query, told
// through a function that one calls, or excluded with a reason in coverage.txt. What a query reads
// is not claimed: the server says it, of a view that is made of the query.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "expected_schema/base/text.h"
#include "expected_schema/introspect/kinds.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using Column = std::pair<std::string, std::string>;  // catalogue, column

/// Every column of every catalogue of this server.
std::set<Column> all_columns(Session& session) {
  const Rows rows = session.query(
      "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
      " WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'"
      "   AND a.attnum > 0 AND NOT a.attisdropped");
  std::set<Column> columns;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    columns.emplace(rows.text(row, 0), rows.text(row, 1));
  }
  return columns;
}

std::string as_view(const Kind& kind, int major) {
  std::string sql = sql_for(kind, major);
  sql = std::regex_replace(sql, std::regex("\\$1::oid\\[\\]"), "'{}'::oid[]");
  sql = std::regex_replace(sql, std::regex("\\$2"), "'0'::oid");
  return fmt::format("CREATE VIEW public.read_{} AS {}", kind.file, sql);
}

/// What the views read: the numbers of the columns in the trees of their rules, each behind the
/// relation's oid (src/include/nodes/parsenodes.h: selectedCols, offset by the system columns).
std::set<Column> read_columns(Session& session) {
  const Rows trees = session.query(
      "SELECT r.ev_action FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
      " WHERE c.relname LIKE 'read\\_%' AND c.relnamespace = 'public'::regnamespace");
  const std::regex part(":relid (\\d+)|:selectedCols \\(b((?: \\d+)*)\\)");
  std::set<std::pair<std::string, int>> numbers;
  for (std::size_t row = 0; row < trees.size(); ++row) {
    const std::string tree = trees.text(row, 0);
    std::string relation;
    for (std::sregex_iterator at(tree.begin(), tree.end(), part), end; at != end; ++at) {
      if ((*at)[1].matched) {
        relation = (*at)[1];
        continue;
      }
      for (const std::string& word : split((*at)[2].str(), ' ')) {
        if (!word.empty()) numbers.emplace(relation, std::stoi(word) - 7);
      }
    }
  }
  std::set<Column> columns;
  for (const auto& [relation, number] : numbers) {
    const Rows name = session.query(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.oid = $1::oid AND a.attnum = $2::int",
        {relation, std::to_string(number)});
    if (name.size() == 1) columns.emplace(name.text(0, 0), name.text(0, 1));
  }
  return columns;
}

struct Line {
  std::string catalogue;
  std::string column;  // or *
  bool excluded = false;
  int before = 0;  // holds for majors below this one only; 0: for all
  bool used = false;
};

/// `pg_class.relpages  excluded: reason`, `pg_rewrite.ev_action  through pg_get_viewdef`.
std::vector<Line> declared() {
  const std::regex form("(pg_\\w+)\\.(\\w+|\\*)\\s+(excluded: \\S.*|through \\S.*)");
  std::vector<Line> lines;
  for (const std::string& text :
       split(read_file(DRIFTD_SOURCE_DIR "/expected_schema/introspect/coverage.txt"), '\n')) {
    if (text.empty() || text.starts_with('#')) continue;
    std::smatch match;
    if (!std::regex_match(text, match, form)) {
      ADD_FAILURE() << "not of the form: " << text;
      continue;
    }
    const std::string says = match[3];
    std::smatch before;
    const bool bounded = std::regex_search(says, before, std::regex("before PostgreSQL (\\d+)"));
    lines.push_back({match[1], match[2], says.starts_with("excluded"),
                     bounded ? std::stoi(before[1]) : 0, false});
  }
  return lines;
}

TEST(Coverage, EveryColumnOfEveryCatalogueIsReadOrHasItsReason) {
  const auto database = test::fresh_database();
  Session session = test::connect(*database);
  const int major = session.server_major();
  for (const Kind& kind : kinds())
    ASSERT_NO_THROW(session.execute(as_view(kind, major))) << kind.file;

  const std::set<Column> all = all_columns(session);
  std::set<Column> read = read_columns(session);
  std::erase_if(read, [&](const Column& column) { return !all.contains(column); });  // of views
  EXPECT_GT(read.size(), 200U);
  std::vector<Line> lines = declared();
  std::size_t told_through = 0;
  std::size_t excluded = 0;
  for (const Column& column : all) {
    bool declared_here = false;
    for (Line& line : lines) {
      if (line.catalogue != column.first) continue;
      if (line.column != "*" && line.column != column.second) continue;
      // What stands for a whole catalogue may contain columns that are read.
      if (line.column == "*" && read.contains(column)) continue;
      if (line.before != 0 && major >= line.before) continue;
      EXPECT_FALSE(read.contains(column))
          << column.first << "." << column.second << " is read: its line in coverage.txt is stale";
      if (!declared_here) ++(line.excluded ? excluded : told_through);
      declared_here = true;
      line.used = true;
    }
    EXPECT_TRUE(declared_here || read.contains(column))
        << column.first << "." << column.second
        << " is new: read it, or say in coverage.txt why not";
  }
  std::set<std::string> catalogues;
  for (const Column& column : all) catalogues.insert(column.first);
  for (const Line& line : lines) {
    // Columns come and go with majors, catalogues hardly: a misspelt one is found here.
    const bool elsewhere =
        line.catalogue == "pg_pltemplate" || !catalogues.contains(line.catalogue);
    EXPECT_TRUE(line.used || line.column != "*" || elsewhere) << line.catalogue << " names nothing";
  }
  fmt::print(
      "PostgreSQL {}: {} columns in {} catalogues: {} read, {} told through a function, {} "
      "excluded\n",
      major, all.size(), catalogues.size(), read.size(), told_through, excluded);
}

}  // namespace
}  // namespace driftd

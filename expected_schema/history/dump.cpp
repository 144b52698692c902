#include "expected_schema/history/dump.h"

#include <algorithm>
#include <cctype>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// Where the first word is, after blanks and comments to the end of the line.
std::size_t first_word(const std::string& sql) {
  std::size_t at = 0;
  while (at < sql.size()) {
    if (std::isspace(static_cast<unsigned char>(sql[at])) != 0) {
      ++at;
    } else if (sql.compare(at, 2, "--") == 0) {
      at = std::min(sql.find('\n', at), sql.size());
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

std::string without_psql(const std::string& text, const std::string& file) {
  std::string result;
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const bool of_psql = line.starts_with('\\');
    if (of_psql && !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) {
      throw Error(Reason::History, "only psql can run this line",
                  "Give the output of pg_dump --schema-only.", {file, number, 1});
    }
    if (!of_psql) result += line;
    result += '\n';
  }
  return result;
}

std::string for_its_own_transaction(std::string sql) {
  const std::size_t at = first_word(sql);
  const std::string words = lower(sql.substr(at, 64));
  if (words.starts_with("set ") && !words.starts_with("set local ")) sql.insert(at + 4, "LOCAL ");
  constexpr std::string_view search_path = "select pg_catalog.set_config('search_path', '', false)";
  if (words.starts_with(search_path)) {
    sql.replace(at + search_path.size() - std::string_view("false)").size(), 5, "true");
  }
  return sql;
}

}  // namespace driftd

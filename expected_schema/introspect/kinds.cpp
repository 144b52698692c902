#include "expected_schema/introspect/kinds.h"

#include <fmt/format.h>

#include <charconv>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {
constexpr std::string_view mark = "--@";

bool wanted(std::string_view condition, int server_major, std::string_view file) {
  const std::string_view whole = condition;
  condition = trim(condition);
  const bool at_least = condition.starts_with(">=");
  if (at_least || condition.starts_with('<')) {
    condition.remove_prefix(at_least ? 2 : 1);
    int major = 0;
    const auto [end, failure] =
        std::from_chars(condition.data(), condition.data() + condition.size(), major);
    if (failure == std::errc() && end == condition.data() + condition.size()) {
      return at_least ? server_major >= major : server_major < major;
    }
  }
  throw Error(Reason::Internal, fmt::format("{}.sql: no version mark: --@{}", file, whole));
}
}  // namespace

std::string sql_for(const Kind& kind, int server_major) {
  std::string sql;
  for (const std::string& line : split(kind.sql, '\n')) {
    std::string_view rest = line;
    const auto at = line.find(mark);
    bool keep = true;
    for (auto next = at; next != std::string::npos && keep; next = rest.find(mark)) {
      rest.remove_prefix(next + mark.size());
      keep = wanted(rest.substr(0, rest.find(mark)), server_major, kind.file);
    }
    if (!keep) continue;
    sql += std::string_view(line).substr(0, at);
    sql += '\n';
  }
  return sql;
}

std::string digest_of_kinds(int server_major) {
  Digest digest;
  for (const Kind& kind : kinds()) digest.add(kind.file).add(sql_for(kind, server_major));
  return digest.hex();
}

}  // namespace driftd

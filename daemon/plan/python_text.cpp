#include "daemon/plan/python_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expected_schema/base/text.h"

namespace driftd::plan {
namespace {

const std::map<std::string, std::string, std::less<>>& plain_types() {
  static const std::map<std::string, std::string, std::less<>> types = {
      {"integer", "sa.Integer()"},
      {"bigint", "sa.BigInteger()"},
      {"smallint", "sa.SmallInteger()"},
      {"text", "sa.Text()"},
      {"character varying", "sa.String()"},
      {"boolean", "sa.Boolean()"},
      {"date", "sa.Date()"},
      {"bytea", "sa.LargeBinary()"},
      {"numeric", "sa.Numeric()"},
      {"real", "sa.REAL()"},
      {"double precision", "sa.Float(53)"},
      {"interval", "sa.Interval()"},
      {"timestamp without time zone", "sa.DateTime()"},
      {"timestamp with time zone", "sa.DateTime(timezone=True)"},
      {"time without time zone", "sa.Time()"},
      {"time with time zone", "sa.Time(timezone=True)"},
      {"uuid", "postgresql.UUID(as_uuid=True)"},
      {"json", "postgresql.JSON()"},
      {"jsonb", "postgresql.JSONB()"},
      {"inet", "postgresql.INET()"},
      {"cidr", "postgresql.CIDR()"},
      {"macaddr", "postgresql.MACADDR()"},
      {"tsvector", "postgresql.TSVECTOR()"},
      {"int4range", "postgresql.INT4RANGE()"},
      {"int8range", "postgresql.INT8RANGE()"},
      {"numrange", "postgresql.NUMRANGE()"},
      {"daterange", "postgresql.DATERANGE()"},
      {"tsrange", "postgresql.TSRANGE()"},
      {"tstzrange", "postgresql.TSTZRANGE()"},
  };
  return types;
}

bool is_number_list(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || c == ',' || c == ' ';
  });
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      default:
        result += c;
    }
  }
  return result + "\"";
}

std::string quoted_text(std::string_view text) {
  const bool plain = text.find('\n') == std::string_view::npos ||
                     text.find("\"\"\"") != std::string_view::npos || text.ends_with('"') ||
                     text.find('\\') != std::string_view::npos;
  return plain ? quoted(text) : "\"\"\"" + std::string(text) + "\"\"\"";
}

std::string quoted_list(const std::vector<std::string>& items) {
  std::vector<std::string> all;
  for (const std::string& item : items) all.push_back(quoted(item));
  return "[" + join(all, ", ") + "]";
}

std::optional<std::string> type_expression(const std::string& type) {
  if (type.ends_with("[]")) {
    const auto item = type_expression(type.substr(0, type.size() - 2));
    if (!item || item->starts_with("postgresql.ARRAY")) return std::nullopt;
    return "postgresql.ARRAY(" + *item + ")";
  }
  if (const auto known = plain_types().find(type); known != plain_types().end()) {
    return known->second;
  }
  const std::size_t open = type.find('(');
  if (open == std::string::npos || !type.ends_with(')')) return std::nullopt;
  const std::string name = type.substr(0, open);
  std::string arguments = type.substr(open + 1, type.size() - open - 2);
  if (!is_number_list(arguments)) return std::nullopt;
  if (const auto comma = arguments.find(','); comma != std::string::npos) {
    arguments.insert(comma + 1, " ");
  }
  if (name == "character varying") return "sa.String(" + arguments + ")";
  if (name == "character") return "sa.CHAR(" + arguments + ")";
  if (name == "numeric") return "sa.Numeric(" + arguments + ")";
  return std::nullopt;
}

}  // namespace driftd::plan

#include "expected_schema/alembic/naming.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <regex>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace {

[[noreturn]] void unknown_name(const std::string& what, const Unnamed& unnamed,
                               const Place& place) {
  not_understood(
      fmt::format("the name that the naming convention gives to a constraint or index of {} ({})",
                  unnamed.table, what),
      place, "Name it in the migration with name=op.f(\"...\").");
}

std::string label(const Unnamed& unnamed, const std::string& column) {
  std::string schema = unnamed.schema ? *unnamed.schema + "_" : std::string();
  std::replace(schema.begin(), schema.end(), '.', '_');
  return schema + unnamed.table + "_" + column;
}

std::string column_token(const Unnamed& unnamed, const std::string& token, const Place& place) {
  // column_0_name, column_1_label, column_0N_name, column_0_N_key, referred_column_0_name.
  static const std::regex pattern("(referred_)?column_([0-9]+)(_?N)?_(name|key|label)");
  std::smatch match;
  const bool fits = std::regex_match(token, match, pattern);
  const bool referred = fits && match[1].matched;
  if (!fits || (referred && (match[4] != "name" || unnamed.referred_columns.empty()))) {
    unknown_name("%(" + token + ")s", unnamed, place);
  }
  if (!referred && !unnamed.columns_known) unknown_name("%(" + token + ")s", unnamed, place);
  const std::vector<std::string>& columns = referred ? unnamed.referred_columns : unnamed.columns;
  const auto shown = [&](const std::string& column) {
    return match[4] == "label" ? label(unnamed, column) : column;
  };
  if (match[3].matched) {
    std::vector<std::string> all;
    for (const std::string& column : columns) all.push_back(shown(column));
    return join(all, match[3] == "N" ? "" : "_");
  }
  const std::string digits = match[2].str();
  std::size_t index = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (end.ec != std::errc()) unknown_name("%(" + token + ")s", unnamed, place);
  return index < columns.size() ? shown(columns[index]) : std::string();
}

}  // namespace

std::string NamingConvention::token_text(const Unnamed& unnamed, const std::string& token,
                                         const Place& place) const {
  if (const auto own = tokens_.find(token); own != tokens_.end()) {
    const auto text = own->second(unnamed, place);
    if (!text) unknown_name("%(" + token + ")s", unnamed, place);
    return *text;
  }
  if (token == "table_name") return unnamed.table;
  if (token == "constraint_name") {
    if (!unnamed.name) unknown_name("it needs a name of its own", unnamed, place);
    return *unnamed.name;
  }
  if (token == "referred_table_name" && !unnamed.referred_table.empty()) {
    return unnamed.referred_table;
  }
  return column_token(unnamed, token, place);
}

std::optional<std::string> NamingConvention::name(const Unnamed& unnamed,
                                                  const Place& place) const {
  if (unnamed.settled || unnamed.kind.empty()) return unnamed.name;
  if (unread_) {
    // A name that is given may be a part of the convention's as well, but only a check's ever is.
    if (unnamed.name && unnamed.kind != "ck") return unnamed.name;
    unknown_name(fmt::format("{}:{} cannot be read without running the application", unread_->file,
                             unread_->line),
                 unnamed, place);
  }
  const auto found = patterns_.find(unnamed.kind);
  if (found == patterns_.end()) return unnamed.name;
  if (!found->second) unknown_name("it is no text", unnamed, place);
  const std::string& pattern = *found->second;
  if (unnamed.name && pattern.find("constraint_name") == std::string::npos) return unnamed.name;
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      result += pattern[i];
      continue;
    }
    if (pattern.compare(i, 2, "%%") == 0) {
      result += '%';
      ++i;
      continue;
    }
    const std::size_t end = pattern.find(")s", i);
    if (pattern.compare(i, 2, "%(") != 0 || end == std::string::npos) {
      unknown_name(pattern, unnamed, place);
    }
    result += token_text(unnamed, pattern.substr(i + 2, end - i - 2), place);
    i = end + 1;
  }
  return result;
}

}  // namespace driftd::alembic

#include "expected_schema/alembic/env_file.h"

#include <fmt/format.h>

#include <regex>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace {

struct Found {
  std::string expression;
  int line = 0;
};

std::string_view without_comment(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != 0) {
      if (line[i] == quote) quote = 0;
    } else if (line[i] == '"' || line[i] == '\'') {
      quote = line[i];
    } else if (line[i] == '#') {
      return line.substr(0, i);
    }
  }
  return line;
}

/// Every `argument=...` that stands in a call and every `"argument": ...` of a dictionary.
std::vector<Found> uses(const std::string& text, const std::string& argument) {
  const std::regex pattern("(^|[^A-Za-z0-9_])(" + argument + "\\s*=|[\"']" + argument +
                           "[\"']\\s*:)\\s*([^=\\s,)}][^,)}]*)");
  const std::regex assignment("^" + argument + "\\s*(:[^=]*)?=[^=]");
  std::vector<Found> result;
  int number = 0;
  for (const std::string& raw : split(text, '\n')) {
    ++number;
    const std::string line(without_comment(raw));
    if (std::regex_search(line, assignment)) continue;  // a constant of the module
    std::smatch match;
    if (std::regex_search(line, match, pattern)) {
      result.push_back({std::string(trim(match[3].str())), number});
    }
  }
  return result;
}

std::optional<std::string> literal_text(const std::string& expression) {
  const std::regex pattern("^(\"([^\"\\\\]*)\"|'([^'\\\\]*)')$");
  std::smatch match;
  if (!std::regex_match(expression, match, pattern)) return std::nullopt;
  return match[2].matched ? match[2].str() : match[3].str();
}

std::optional<std::string> constant(const std::string& text, const std::string& name) {
  const std::regex plain_name("^[A-Za-z_][A-Za-z0-9_]*$");
  if (!std::regex_match(name, plain_name)) return std::nullopt;
  const std::regex pattern("^" + name + "\\s*(:[^=]*)?=\\s*(.*)$");
  std::optional<std::string> result;
  for (const std::string& raw : split(text, '\n')) {
    const std::string line(without_comment(raw));
    std::smatch match;
    if (!std::regex_match(line, match, pattern)) continue;
    if (result) return std::nullopt;  // set twice: which one counts is not ours to say
    result = literal_text(std::string(trim(match[2].str())));
    if (!result) return std::nullopt;
  }
  return result;
}

}  // namespace

std::optional<std::string> configured(const std::string& file, const std::string& text,
                                      const std::string& argument) {
  std::optional<std::string> result;
  bool first = true;
  for (const Found& found : uses(text, argument)) {
    std::optional<std::string> value;
    if (found.expression != "None") {
      value = literal_text(found.expression);
      if (!value) value = constant(text, found.expression);
      if (!value) {
        throw Error(
            Reason::Settings,
            fmt::format("{}={} cannot be read without running env.py", argument, found.expression),
            fmt::format("Declare {} in driftd's settings.", argument), {file, found.line, 0});
      }
    }
    if (!first && value != result) {
      throw Error(Reason::Settings, fmt::format("env.py gives {} two values", argument),
                  fmt::format("Declare {} in driftd's settings.", argument), {file, found.line, 0});
    }
    result = value;
    first = false;
  }
  return result;
}

}  // namespace driftd::alembic

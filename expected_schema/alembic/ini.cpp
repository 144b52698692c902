#include "expected_schema/alembic/ini.h"

#include <fmt/format.h>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace {

/// `%(name)s` of the section's own values, of the defaults and of `here`; nested up to ten times,
/// as configparser does.
std::string interpolate(const std::string& value, const IniSection& values, const std::string& file,
                        int depth) {
  constexpr int deepest = 10;
  std::string result;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      result += value[i];
      continue;
    }
    if (i + 1 < value.size() && value[i + 1] == '%') {
      result += '%';
      ++i;
      continue;
    }
    const std::size_t end = value.find(")s", i);
    if (i + 1 >= value.size() || value[i + 1] != '(' || end == std::string::npos) {
      throw Error(Reason::Settings, fmt::format("'%' in the value \"{}\" names nothing", value),
                  "Write %% for a percent sign.", {file, 0, 0});
    }
    const std::string name = lower(value.substr(i + 2, end - i - 2));
    const auto found = values.find(name);
    if (found == values.end() || depth >= deepest) {
      throw Error(Reason::Settings, fmt::format("%({})s is not defined", name),
                  "Define it in the same section or in [DEFAULT].", {file, 0, 0});
    }
    result += interpolate(found->second, values, file, depth + 1);
    i = end + 1;
  }
  return result;
}

}  // namespace

IniSection read_ini(const std::string& file, const std::string& text, const std::string& section,
                    const std::string& here) {
  IniSection defaults;
  IniSection own;
  IniSection* target = nullptr;  // null: a section that nobody asked for
  std::string key;
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const std::string_view content = trim(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    const bool indented = line.front() == ' ' || line.front() == '\t';
    if (indented && !key.empty()) {
      if (target != nullptr) (*target)[key] += "\n" + std::string(content);
      continue;
    }
    if (content.front() == '[') {
      const std::string name(content.substr(1, content.find(']') - 1));
      target = name == section ? &own : name == "DEFAULT" ? &defaults : nullptr;
      key.clear();
      continue;
    }
    const std::size_t sign = content.find_first_of("=:");
    if (sign == std::string_view::npos) {
      if (target == nullptr) continue;
      throw Error(Reason::Settings, fmt::format("the line \"{}\" has no value", content),
                  "Write it as name = value.", {file, number, 1});
    }
    key = lower(trim(content.substr(0, sign)));
    if (target != nullptr) (*target)[key] = std::string(trim(content.substr(sign + 1)));
  }
  IniSection all = own;
  all.insert(defaults.begin(), defaults.end());
  all.emplace("here", here);
  IniSection result;
  for (const auto& [name, value] : all) {
    // Only what is asked for may fail: a logging format is full of percent signs.
    try {
      result.emplace(name, interpolate(value, all, file, 0));
    } catch (const Error&) {
      if (name == "script_location" || name.starts_with("version_")) throw;
    }
  }
  return result;
}

}  // namespace driftd::alembic

#include "expected_schema/alembic/modules.h"

#include <algorithm>
#include <deque>
#include <regex>
#include <set>

#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 5000;
constexpr std::uintmax_t kLargestFile = 2U * 1024U * 1024U;

}  // namespace

std::vector<std::string> imported_modules(const std::string& text) {
  static const std::regex plain("^\\s*import\\s+([A-Za-z0-9_., \\t]+)");
  static const std::regex from("^\\s*from\\s+([A-Za-z0-9_.]+)\\s+import\\s+(.*)$");
  static const std::regex word("[A-Za-z_][A-Za-z0-9_.]*");
  std::vector<std::string> result;
  std::string open;  // the module of `from m import (` until its bracket closes
  for (const std::string& line : split(text, '\n')) {
    if (line.size() > 2000) continue;
    // Most lines are no import, and a regular expression is slow to say so.
    if (const auto start = trim(line);
        open.empty() && !start.starts_with("import") && !start.starts_with("from")) {
      continue;
    }
    std::smatch match;
    std::string names;
    if (!open.empty()) {
      names = line;
    } else if (std::regex_search(line, match, from)) {
      open = match[1].str();
      names = match[2].str();
      result.push_back(open);
    } else if (std::regex_search(line, match, plain)) {
      const std::string list = match[1].str();
      for (std::sregex_iterator at(list.begin(), list.end(), word), end; at != end; ++at) {
        result.push_back(at->str());
      }
      continue;
    } else {
      continue;
    }
    for (std::sregex_iterator at(names.begin(), names.end(), word), end; at != end; ++at) {
      result.push_back(open + (open.ends_with('.') ? "" : ".") + at->str());
    }
    const bool brackets = names.find('(') != std::string::npos || names == line;
    if (!brackets || names.find(')') != std::string::npos) open.clear();
  }
  return result;
}

std::optional<std::string> module_text(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed) || fs::file_size(file, failed) > kLargestFile || failed) {
    return std::nullopt;
  }
  return read_file(file.string());
}

std::optional<fs::path> module_file(std::string name, const fs::path& from,
                                    const std::vector<fs::path>& roots) {
  fs::path base = from;
  const bool relative = name.starts_with('.');
  for (bool first = true; name.starts_with('.'); first = false) {
    name.erase(0, 1);
    if (!first) base = base.parent_path();
  }
  if (name.find('/') != std::string::npos) return std::nullopt;
  std::replace(name.begin(), name.end(), '.', '/');
  std::error_code ignored;
  for (const fs::path& root : relative ? std::vector<fs::path>{base} : roots) {
    const fs::path file = name.empty() ? root / "__init__.py" : root / (name + ".py");
    if (fs::is_regular_file(file, ignored)) return file;
    const fs::path package = root / name / "__init__.py";
    if (fs::is_regular_file(package, ignored)) return package;
  }
  return std::nullopt;
}

std::vector<fs::path> reached_modules(const std::vector<fs::path>& files,
                                      const std::vector<fs::path>& roots) {
  std::vector<fs::path> result;
  std::set<std::string> seen;
  for (const fs::path& file : files) seen.insert(file.string());
  std::deque<fs::path> open(files.begin(), files.end());
  while (!open.empty() && result.size() < kMostFiles + files.size()) {
    const fs::path file = open.front();
    open.pop_front();
    const auto text = module_text(file);
    if (!text) continue;
    result.push_back(file);
    for (const std::string& module : imported_modules(*text)) {
      const auto found = module_file(module, file.parent_path(), roots);
      if (found && seen.insert(found->string()).second) open.push_back(*found);
    }
  }
  return result;
}

}  // namespace driftd::alembic

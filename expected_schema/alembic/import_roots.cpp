#include "expected_schema/alembic/import_roots.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/modules.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace fs = std::filesystem;

namespace {

/// How far above the script directory an application may begin.
constexpr int kMostFolders = 8;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_python_s(std::string_view package) {
  static constexpr std::string_view names[] = {
      "alembic", "asyncio",   "collections", "configparser", "contextlib", "importlib",  "json",
      "logging", "os",        "pathlib",     "re",           "sqlalchemy", "sqlmodel",   "sys",
      "time",    "traceback", "typing",      "urllib",       "warnings",   "__future__", "enum"};
  return std::find(std::begin(names), std::end(names), package) != std::end(names) ||
         is_library(package);
}

}  // namespace

std::vector<std::string> packages_of_env(const fs::path& env) {
  std::vector<std::string> result;
  const auto text = module_text(env);
  if (!text) return result;
  for (const std::string& module : imported_modules(*text)) {
    const std::string first = module.substr(0, module.find('.'));
    if (first.empty() || is_python_s(first)) continue;
    if (std::find(result.begin(), result.end(), first) == result.end()) result.push_back(first);
  }
  return result;
}

std::vector<fs::path> folders_above(const fs::path& revisions) {
  std::vector<fs::path> folders;
  fs::path above = revisions.parent_path();
  for (int i = 0; i < kMostFolders && above.has_relative_path(); ++i) {
    folders.push_back(above);
    folders.push_back(above / "src");
    above = above.parent_path();
  }
  return folders;
}

std::vector<std::string> import_roots(const fs::path& ini,
                                      const std::map<std::string, std::string>& said,
                                      const fs::path& script_directory) {
  std::vector<std::string> roots;
  const auto add = [&](const fs::path& root) {
    const std::string text = root.lexically_normal().string();
    if (is_folder(root) && std::find(roots.begin(), roots.end(), text) == roots.end()) {
      roots.push_back(text);
    }
  };
  const fs::path here = ini.parent_path();
  const auto prepended = said.find("prepend_sys_path");
  if (prepended != said.end() && !ini.empty()) {
    std::string folders = prepended->second;
    std::replace_if(
        folders.begin(), folders.end(),
        [](char c) { return c == ':' || c == ';' || c == ',' || c == '\n'; }, ' ');
    for (const std::string& folder : split(folders, ' ')) {
      if (!trim(folder).empty()) add(here / std::string(trim(folder)));
    }
  }
  fs::path package = script_directory;
  if (!is_file(package / "__init__.py")) package = package.parent_path();
  bool inside = false;
  while (is_file(package / "__init__.py") && package.has_relative_path()) {
    package = package.parent_path();
    inside = true;
  }
  if (inside) add(package);
  // A project's folder, as it is mounted or checked out: migrations beside the package.
  if (!ini.empty()) add(here);
  const fs::path around = script_directory.parent_path();
  for (const fs::path& base : {around, around.parent_path()}) {
    if (is_file(base / "pyproject.toml") || is_file(base / "setup.py") ||
        is_file(base / "setup.cfg") || is_file(base / "requirements.txt")) {
      add(base);
    }
  }
  for (std::size_t i = 0, count = roots.size(); i < count; ++i) {
    add(fs::path(roots[i]) / "src");
  }
  // What env.py imports was importable when the migrations ran: from the nearest folder above that
  // has it, also where no package tells it and sys.path is put together in code.
  for (const std::string& name : packages_of_env(script_directory / "env.py")) {
    const auto has = [&](const fs::path& root) {
      return is_folder(root / name) || is_file(root / (name + ".py"));
    };
    if (std::ranges::any_of(roots, has)) continue;
    fs::path above = around;
    for (int i = 0; i < kMostFolders && above.has_relative_path(); ++i) {
      if (has(above)) {
        add(above);
        break;
      }
      if (has(above / "src")) {
        add(above / "src");
        break;
      }
      above = above.parent_path();
    }
  }
  return roots;
}

}  // namespace driftd::alembic

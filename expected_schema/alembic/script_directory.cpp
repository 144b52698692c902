#include "expected_schema/alembic/script_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "expected_schema/alembic/env_file.h"
#include "expected_schema/alembic/import_roots.h"
#include "expected_schema/alembic/ini.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace fs = std::filesystem;

namespace {

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

/// Alembic's own rule for what it reads as a revision: `*.py`, but no editor's lock file and no
/// `__init__`.
bool is_revision_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".py") && !name.starts_with(".#") && !name.starts_with("__init__");
}

/// In the order in which Alembic since 1.10 reads them, on which replay order depends: a folder's
/// files by name, then its folders. Before, it was the disk's order, which no other host need have.
std::vector<fs::path> revision_files(const fs::path& folder, bool recursive) {
  std::vector<fs::path> result;
  std::vector<fs::path> folders;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.is_directory()) {
      if (recursive && entry.path().filename() != "__pycache__") folders.push_back(entry.path());
    } else if (is_revision_file(entry.path())) {
      result.push_back(entry.path());
    }
  }
  if (failed) {
    throw Error(Reason::Settings,
                fmt::format("the folder {} cannot be read: {}", folder.string(), failed.message()),
                "Check that it exists and that driftd may read it.");
  }
  std::sort(result.begin(), result.end());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& inner : folders) {
    for (fs::path& file : revision_files(inner, true)) result.push_back(std::move(file));
  }
  return result;
}

/// `package:folder` is a folder inside of an importable package; a relative path is the ini's.
fs::path located(const std::string& location, const fs::path& here) {
  const std::size_t colon = location.find(':');
  if (colon == std::string::npos) return (here / location).lexically_normal();
  std::string package = location.substr(0, colon);
  std::replace(package.begin(), package.end(), '.', '/');
  const fs::path inside = fs::path(package) / location.substr(colon + 1);
  const fs::path beside = (here / inside).lexically_normal();
  const fs::path source = (here / "src" / inside).lexically_normal();
  return !is_folder(beside) && is_folder(source) ? source : beside;
}

std::vector<std::string> cut(const std::string& text, std::string_view separators) {
  std::vector<std::string> result;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    const std::string_view part = trim(std::string_view(text).substr(start, end - start));
    if (!part.empty()) result.emplace_back(part);
    start = end + 1;
  }
  return result;
}

/// version_locations, parted by version_path_separator (path_separator since Alembic 1.16); without
/// one by spaces and commas, as Alembic always did.
std::vector<std::string> locations(const IniSection& ini, const std::string& file) {
  const auto text = ini.find("version_locations");
  if (text == ini.end() || trim(text->second).empty()) return {};
  auto separator = ini.find("version_path_separator");
  if (separator == ini.end()) separator = ini.find("path_separator");
  if (separator == ini.end()) return cut(text->second, ", \n");
  const std::string_view name = trim(separator->second);
  if (name == "space") return cut(text->second, " \n");
  if (name == "newline") return cut(text->second, "\n");
  if (name == "os" || name == ":") return cut(text->second, ":");
  if (name == ";") return cut(text->second, ";");
  throw Error(Reason::Settings,
              fmt::format("version_path_separator = {} is none of Alembic's", name),
              "Write os, space, newline, : or ;.", {file, 0, 0});
}

void read_env(ScriptDirectory& result) {
  const fs::path env = fs::path(result.directory) / "env.py";
  if (!is_file(env)) return;
  const std::string text = read_file(env.string());
  result.options_set_by_env = text.find("set_main_option") != std::string::npos;
  try {
    if (const auto table = configured(env.string(), text, "version_table")) {
      result.version_table = *table;
    }
    if (const auto schema = configured(env.string(), text, "version_table_schema")) {
      result.version_table_schema = *schema;
    }
  } catch (const Error& error) {
    result.version_table_unread = error;
  }
}

ScriptDirectory from_ini(const fs::path& ini) {
  const fs::path here = fs::absolute(ini).parent_path();
  const IniSection values =
      read_ini(ini.string(), read_file(ini.string()), "alembic", here.string());
  const auto location = values.find("script_location");
  // Flask-Migrate keeps the ini in the script directory, and says nothing of it there; an absolute
  // location is that of the machine on which the migrations run, and a relative one may be that
  // from the folder in which they are started.
  const bool beside = is_file(here / "env.py");
  const bool said = location != values.end() && !location->second.empty();
  if (!said && !beside) {
    throw Error(Reason::Settings, "no script_location in the section [alembic]",
                "Add script_location = <folder of the migrations>.", {ini.string(), 0, 0});
  }
  ScriptDirectory result;
  result.ini = ini.string();
  const fs::path there = said ? located(location->second, here) : here;
  const auto name = [](const fs::path& folder) {
    return folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  };
  const bool elsewhere = beside && !is_folder(there) && name(there) == name(here);
  result.directory = elsewhere ? here.string() : there.string();
  if (!is_folder(result.directory)) {
    throw Error(Reason::Settings,
                fmt::format("script_location is {}, which is no folder", result.directory),
                "Correct script_location, or mount the folder.", {ini.string(), 0, 0});
  }
  for (const std::string& folder : locations(values, ini.string())) {
    result.version_locations.push_back(located(folder, here).string());
  }
  if (result.version_locations.empty()) {
    result.version_locations.push_back((fs::path(result.directory) / "versions").string());
  }
  const auto recursive = values.find("recursive_version_locations");
  result.recursive = recursive != values.end() && lower(trim(recursive->second)) == "true";
  result.options.insert(values.begin(), values.end());
  result.import_roots = import_roots(result.ini, {values.begin(), values.end()}, result.directory);
  read_env(result);
  return result;
}

/// The ini beside a script directory that says so; empty where there is none.
fs::path ini_of(const fs::path& directory) {
  const fs::path ini = directory.parent_path() / "alembic.ini";
  if (!is_file(ini)) return {};
  const fs::path here = ini.parent_path();
  const IniSection values =
      read_ini(ini.string(), read_file(ini.string()), "alembic", here.string());
  const auto location = values.find("script_location");
  const bool same =
      location != values.end() &&
      fs::weakly_canonical(located(location->second, here)) == fs::weakly_canonical(directory);
  return same ? ini : fs::path();
}

}  // namespace

ScriptDirectory find_script_directory(const std::string& path) {
  const fs::path given = fs::absolute(path).lexically_normal();
  if (is_file(given)) return from_ini(given);
  fs::path folder = given;
  if (!folder.has_filename()) folder = folder.parent_path();  // "migrations/"
  if (!is_folder(folder)) {
    throw Error(Reason::Settings, fmt::format("{} does not exist", path),
                "Give an alembic.ini, a folder with one, or the folder of the migrations.");
  }
  if (is_file(folder / "alembic.ini")) return from_ini(folder / "alembic.ini");

  ScriptDirectory result;
  if (is_folder(folder / "versions")) {
    if (const fs::path ini = ini_of(folder); !ini.empty()) return from_ini(ini);
    result.directory = folder.string();
    result.version_locations = {(folder / "versions").string()};
  } else if (!revision_files(folder, false).empty() && !is_file(folder / "env.py")) {
    const fs::path parent = folder.parent_path();
    result.directory = is_file(parent / "env.py") ? parent.string() : folder.string();
    result.version_locations = {folder.string()};
  } else {
    throw Error(Reason::Settings,
                fmt::format("{} has no alembic.ini, no versions/ and no revision files", path),
                "Give an alembic.ini, a folder with one, or the folder of the migrations.");
  }
  result.import_roots = import_roots({}, {}, result.directory);
  read_env(result);
  return result;
}

std::vector<Revision> read_revisions(const ScriptDirectory& directory) {
  std::vector<Revision> result;
  std::set<std::string> seen;  // one file may lie below two of the locations
  for (const std::string& location : directory.version_locations) {
    for (const fs::path& file : revision_files(location, directory.recursive)) {
      if (!seen.insert(fs::weakly_canonical(file).string()).second) continue;
      result.push_back(
          read_revision(file.string(), read_file(file.string()), directory.import_roots));
    }
  }
  return result;
}

}  // namespace driftd::alembic

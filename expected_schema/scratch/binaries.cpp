#include "expected_schema/scratch/binaries.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/scratch/process.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds patience{5000};

bool is_program(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

// "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", "postgres (PostgreSQL) 17beta1".
int major_of(const std::string& bindir) {
  if (!is_program(bindir + "/postgres") || !is_program(bindir + "/initdb")) return 0;
  const std::string text = output_of({bindir + "/postgres", "--version"}, patience);
  constexpr std::string_view mark = "(PostgreSQL) ";
  const auto at = text.find(mark);
  if (at == std::string::npos) return 0;
  int major = 0;
  std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), major);
  return major;
}

std::vector<std::string> path_folders() {
  const char* path = std::getenv("PATH");
  return path ? split(path, ':') : std::vector<std::string>{};
}

// Folders of the form <parent>/<prefix><N><suffix>, as the packages of Debian and of the PostgreSQL
// project lay them out, the newest first.
void add_numbered(std::vector<std::string>& folders, const std::string& parent,
                  std::string_view prefix, const std::string& suffix) {
  std::map<int, std::string, std::greater<>> found;
  std::error_code error;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    int number = 0;
    if (!name.starts_with(prefix)) continue;
    const char* last = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), last, number);
    if (parsed.ec == std::errc() && parsed.ptr == last) found[number] = at->path().string();
  }
  for (const auto& [number, folder] : found) folders.push_back(folder + suffix);
}

// In the order in which they are tried.
std::vector<std::string> candidates(const ScratchSettings& settings, int major) {
  if (!settings.bindir.empty()) return {fs::absolute(settings.bindir).string()};
  std::vector<std::string> folders;
  if (major > 0) {
    folders.push_back(fmt::format("/usr/lib/postgresql/{}/bin", major));
    folders.push_back(fmt::format("/usr/pgsql-{}/bin", major));
  }
  for (const std::string& folder : path_folders()) {
    if (!is_program(folder + "/pg_config")) continue;
    folders.emplace_back(trim(output_of({folder + "/pg_config", "--bindir"}, patience)));
    break;
  }
  add_numbered(folders, "/usr/lib/postgresql", "", "/bin");
  add_numbered(folders, "/usr", "pgsql-", "/bin");
  for (const std::string& folder : path_folders()) folders.push_back(folder);
  folders.emplace_back("/usr/local/pgsql/bin");
  std::vector<std::string> once;
  for (const std::string& folder : folders) {
    if (folder.starts_with('/') && std::find(once.begin(), once.end(), folder) == once.end()) {
      once.push_back(folder);
    }
  }
  return once;
}

std::string install_hint(int major) {
  return fmt::format(
      "Install the server of PostgreSQL {0} where driftd runs (Debian: postgresql-{0}), set "
      "scratch.bindir to the folder of its programs, or set scratch.conninfo to a server of that "
      "version where databases may be created.",
      major);
}

}  // namespace

std::vector<Binaries> all_binaries(const ScratchSettings& settings) {
  std::map<int, std::string> found;
  for (const std::string& folder : candidates(settings, 0)) {
    if (const int major = major_of(folder); major > 0) found.emplace(major, folder);
  }
  std::vector<Binaries> result;
  for (const auto& [major, folder] : found) result.push_back({folder, major});
  return result;
}

Binaries find_binaries(const ScratchSettings& settings, int major) {
  std::vector<std::string> others;
  const std::vector<std::string> folders = candidates(settings, major);
  for (const std::string& folder : folders) {
    const int found = major_of(folder);
    if (found == major) return {folder, major};
    if (found > 0) others.push_back(fmt::format("{} in {}", found, folder));
  }
  if (!others.empty()) {
    throw Error(Reason::ServerVersion,
                fmt::format("the scratch server must be PostgreSQL {}, but found only {}", major,
                            join(others, ", ")),
                install_hint(major));
  }
  throw Error(Reason::Scratch,
              fmt::format("no initdb and postgres for the scratch server in {}",
                          folders.empty() ? "any folder" : join(folders, ", ")),
              install_hint(major));
}

}  // namespace driftd

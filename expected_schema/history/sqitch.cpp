// The format of the plan: https://sqitch.org/docs/manual/sqitchchanges/ and App::Sqitch::Plan.
#include <fmt/format.h>

#include <map>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/sql_readers.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

/// A change of the plan, or a tag.
struct Entry {
  std::string name;
  int line = 0;
  bool tag = false;
};

std::vector<Entry> entries_of(const std::string& plan) {
  std::vector<Entry> entries;
  int number = 0;
  for (const std::string& raw : split(plan, '\n')) {
    ++number;
    const std::string line(trim(raw.substr(0, raw.find('#'))));
    if (line.empty() || line.front() == '%') continue;
    const std::string name = line.substr(0, line.find_first_of(" \t"));
    const bool tag = name.front() == '@';
    entries.push_back({tag ? name.substr(1) : name, number, tag});
  }
  return entries;
}

/// The script of the instance at `at`: that of a change which is reworked further down bears the
/// name of a tag between the two.
fs::path script_of(const fs::path& folder, const std::vector<Entry>& entries, std::size_t at) {
  const Entry& change = entries[at];
  std::vector<std::string> tags;
  for (std::size_t i = at + 1; i < entries.size(); ++i) {
    if (entries[i].tag) {
      tags.push_back(entries[i].name);
    } else if (entries[i].name == change.name) {
      for (const std::string& tag : tags) {
        const fs::path file = folder / "deploy" / fmt::format("{}@{}.sql", change.name, tag);
        if (fs::is_regular_file(file)) return file;
      }
      return folder / "deploy" /
             fmt::format("{}@{}.sql", change.name, tags.empty() ? "" : tags.back());
    }
  }
  return folder / "deploy" / (change.name + ".sql");
}

}  // namespace

std::optional<fs::path> sqitch_folder(const fs::path& path) {
  const fs::path folder = path.filename().empty() ? path.parent_path() : path;
  if (fs::is_regular_file(folder / "sqitch.plan")) return folder;
  if (folder.filename() == "deploy" && fs::is_regular_file(folder.parent_path() / "sqitch.plan")) {
    return folder.parent_path();
  }
  return std::nullopt;
}

std::vector<SqlMigration> read_sqitch(const fs::path& folder) {
  const fs::path plan = folder / "sqitch.plan";
  const std::vector<Entry> entries = entries_of(read_file(plan.string()));
  std::map<std::string, int> instances;
  std::vector<SqlMigration> result;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].tag) continue;
    const int instance = ++instances[entries[i].name];
    SqlMigration one;
    one.revision =
        instance == 1 ? entries[i].name : fmt::format("{}/{}", entries[i].name, instance);
    one.message = entries[i].name;
    one.file = script_of(folder, entries, i).string();
    if (!fs::is_regular_file(one.file)) {
      throw Error(Reason::History,
                  fmt::format("the change {} has no deploy script {}", one.revision, one.file),
                  "Scripts are looked for in the folder deploy beside sqitch.plan.",
                  {plan.string(), entries[i].line, 0});
    }
    one.sql = read_file(one.file);
    one.checksum = sha1_of(one.sql);
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace driftd

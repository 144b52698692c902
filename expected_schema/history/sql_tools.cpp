#include "expected_schema/history/sql_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <charconv>
#include <filesystem>
#include <functional>
#include <map>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/sql_readers.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<SqlTool, std::string_view> names[] = {
    {SqlTool::Flyway, "flyway"},
    {SqlTool::Prisma, "prisma"},
    {SqlTool::GolangMigrate, "golang-migrate"},
    {SqlTool::Dbmate, "dbmate"},
    {SqlTool::Goose, "goose"},
    {SqlTool::Sqlx, "sqlx"},
    {SqlTool::Diesel, "diesel"},
    {SqlTool::Sqitch, "sqitch"},
    {SqlTool::Structure, "structure.sql"},
    {SqlTool::Numbered, "numbered"},
};

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

/// Where the migrations are: `prisma` and `db` hold a folder of that name.
fs::path folder_of(const std::string& path) {
  const fs::path below = fs::path(path) / "migrations";
  return fs::is_directory(below) ? below : fs::path(path);
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Numbers of any length, without their leading zeros.
std::string plain_number(std::string_view text) {
  const auto first = text.find_first_not_of('0');
  return first == std::string_view::npos ? "0" : std::string(text.substr(first));
}

bool number_less(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

[[noreturn]] void refuse(const std::string& what, const fs::path& file, const std::string& hint) {
  throw Error(Reason::History, what, hint, {file.string(), 0, 0});
}

/// `0001_add_users.up.sql`: the digits, and the words behind them.
std::optional<std::pair<std::string, std::string>> numbered(const std::string& name,
                                                            std::string_view ending) {
  const auto score = name.find('_');
  if (!name.ends_with(ending) || score == std::string::npos || !is_number(name.substr(0, score))) {
    return std::nullopt;
  }
  return std::pair{name.substr(0, score),
                   name.substr(score + 1, name.size() - score - 1 - ending.size())};
}

/// CRC-32 over the lines without their ends, as a signed number (Flyway's documentation, "Checksum
/// calculation").
std::string flyway_checksum(const std::string& text) {
  boost::crc_32_type crc;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  while (!rest.empty()) {
    const auto end = rest.find_first_of("\r\n");
    const std::string_view line = rest.substr(0, end);
    crc.process_bytes(line.data(), line.size());
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return std::to_string(static_cast<std::int32_t>(crc.checksum()));
}

/// The part of a file behind one mark and before another, both alone on their lines.
std::optional<std::pair<std::string, int>> part_between(const std::string& text,
                                                        std::string_view from,
                                                        std::string_view to) {
  std::string part;
  int number = 0;
  int begun = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const std::string word = lower(trim(line));
    if (word.starts_with(from)) {
      begun = number + 1;
    } else if (begun != 0 && word.starts_with(to)) {
      break;
    } else if (begun != 0) {
      part += line + "\n";
    }
  }
  if (begun == 0) return std::nullopt;
  return std::pair{part, begun};
}

std::vector<SqlMigration> flyway(const fs::path& folder) {
  std::vector<SqlMigration> versioned;
  std::vector<SqlMigration> repeatable;
  std::error_code failed;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    const auto two = name.find("__");
    if (!name.ends_with(".sql") || two == std::string::npos) continue;
    SqlMigration one;
    one.file = entry.path().string();
    one.sql = read_file(one.file);
    one.checksum = flyway_checksum(one.sql);
    one.message = name.substr(two + 2, name.size() - two - 6);
    std::ranges::replace(one.message, '_', ' ');
    if (const auto at = one.sql.find("${"); at != std::string::npos) {
      const auto line = std::count(one.sql.begin(), one.sql.begin() + static_cast<long>(at), '\n');
      throw Error(Reason::NotUnderstood, "a placeholder of Flyway is not understood",
                  "Let the tool itself run the migrations: migrations.command in the settings.",
                  {one.file, static_cast<int>(line) + 1, 0});
    }
    if (name.front() == 'R' && two == 1) {
      one.revision = name;
      one.repeatable = true;
      repeatable.push_back(std::move(one));
    } else if (name.front() == 'V') {
      one.revision = name.substr(1, two - 1);
      std::ranges::replace(one.revision, '_', '.');
      versioned.push_back(std::move(one));
    }
  }
  std::ranges::sort(versioned, version_comes_before, &SqlMigration::revision);
  std::ranges::sort(repeatable, {}, &SqlMigration::message);
  versioned.insert(versioned.end(), repeatable.begin(), repeatable.end());
  return versioned;
}

std::vector<SqlMigration> folders(const fs::path& folder, std::string_view file,
                                  const std::function<std::string(const std::string&)>& revision) {
  std::vector<SqlMigration> result;
  for (const fs::path& path : entries(folder)) {
    const fs::path sql = path / file;
    if (!fs::is_regular_file(sql)) continue;
    SqlMigration one;
    const std::string name = path.filename().string();
    one.revision = revision(name);
    const auto score = name.find('_');
    one.message = score == std::string::npos ? name : name.substr(score + 1);
    one.file = sql.string();
    one.sql = read_file(one.file);
    result.push_back(std::move(one));
  }
  return result;
}

/// `1.sql`, `0001_users.sql`, `001-users.sql`: the digits in front, and the words behind them.
std::optional<std::pair<std::string, std::string>> plainly_numbered(const std::string& name) {
  const auto end = std::ranges::find_if_not(name, [](char c) { return c >= '0' && c <= '9'; });
  const auto digits = static_cast<std::size_t>(end - name.begin());
  const bool down = name.ends_with(".down.sql");
  if (digits == 0 || !name.ends_with(".sql") || down) return std::nullopt;
  std::string words = name.substr(digits, name.size() - digits - 4);
  words.erase(0, words.find_first_not_of("_-. "));
  return std::pair{name.substr(0, digits), words};
}

std::vector<SqlMigration> files(const fs::path& folder, SqlTool tool) {
  std::vector<SqlMigration> result;
  for (const fs::path& path : entries(folder)) {
    const std::string name = path.filename().string();
    auto found = numbered(name, ".up.sql");
    if (!found && tool != SqlTool::GolangMigrate && !name.ends_with(".down.sql")) {
      found = numbered(name, ".sql");
    }
    if (tool == SqlTool::Numbered) found = plainly_numbered(name);
    if (!found) continue;
    SqlMigration one;
    one.revision = tool == SqlTool::Dbmate ? found->first : plain_number(found->first);
    one.message = found->second;
    one.file = path.string();
    one.sql = read_file(one.file);
    if (tool == SqlTool::Sqlx) one.checksum = sha384_of(one.sql);
    if (tool == SqlTool::Dbmate || tool == SqlTool::Goose) {
      const bool goose = tool == SqlTool::Goose;
      const auto part = part_between(one.sql, goose ? "-- +goose up" : "-- migrate:up",
                                     goose ? "-- +goose down" : "-- migrate:down");
      if (!part) {
        refuse(fmt::format("the migration {} has no part for an upgrade", one.revision), path,
               goose ? "Mark it with -- +goose Up." : "Mark it with -- migrate:up.");
      }
      one.sql = part->first;
      one.line = part->second;
    }
    result.push_back(std::move(one));
  }
  std::ranges::stable_sort(result, number_less, &SqlMigration::revision);
  return result;
}

bool any_file(const fs::path& folder, const std::function<bool(const fs::path&)>& has) {
  const auto all = entries(folder);
  return std::ranges::any_of(all, has);
}

bool has_text(const fs::path& path, std::string_view text) {
  return path.extension() == ".sql" &&
         lower(read_file(path.string())).find(text) != std::string::npos;
}

}  // namespace

std::string number_of_plain_file(const std::string& name) {
  const auto end = name.find_first_not_of("0123456789");
  return end == 0 || name.empty() ? std::string() : plain_number(name.substr(0, end));
}

bool version_comes_before(const std::string& a, const std::string& b) {
  const auto x = split(a, '.');
  const auto y = split(b, '.');
  for (std::size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    const std::string left = plain_number(i < x.size() ? x[i] : "0");
    const std::string right = plain_number(i < y.size() ? y[i] : "0");
    if (left != right) return number_less(left, right);
  }
  return false;
}

std::string_view name_of(SqlTool tool) {
  return std::ranges::find(names, tool, &std::pair<SqlTool, std::string_view>::first)->second;
}

std::optional<SqlTool> sql_tool_named(std::string_view name) {
  const auto found = std::ranges::find(names, name, &std::pair<SqlTool, std::string_view>::second);
  return found == std::end(names) ? std::nullopt : std::optional(found->first);
}

std::optional<SqlTool> find_sql_tool(const std::string& path) {
  if (fs::exists(fs::path(path) / "alembic.ini") || fs::exists(fs::path(path) / "env.py")) {
    return std::nullopt;
  }
  if (sqitch_folder(path)) return SqlTool::Sqitch;
  if (structure_file(path)) return SqlTool::Structure;
  const fs::path folder = folder_of(path);
  if (!fs::is_directory(folder)) return std::nullopt;
  const auto with = [](std::string_view file) {
    return [file](const fs::path& entry) { return fs::is_regular_file(entry / file); };
  };
  if (fs::exists(folder / "migration_lock.toml") || any_file(folder, with("migration.sql"))) {
    return SqlTool::Prisma;
  }
  if (any_file(folder, with("up.sql"))) return SqlTool::Diesel;
  if (any_file(folder, [](const fs::path& p) { return has_text(p, "-- migrate:up"); })) {
    return SqlTool::Dbmate;
  }
  if (any_file(folder, [](const fs::path& p) { return has_text(p, "-- +goose up"); })) {
    return SqlTool::Goose;
  }
  if (any_file(folder, [](const fs::path& p) {
        const std::string name = p.filename().string();
        return name.size() > 2 && name[0] == 'V' && is_number(name.substr(1, 1)) &&
               name.find("__") != std::string::npos && name.ends_with(".sql");
      })) {
    return SqlTool::Flyway;
  }
  if (any_file(folder, [](const fs::path& p) {
        return numbered(p.filename().string(), ".up.sql").has_value();
      })) {
    return SqlTool::GolangMigrate;
  }
  const auto any_python =
      any_file(folder, [](const fs::path& p) { return p.extension() == ".py"; });
  if (!any_python && any_file(folder, [](const fs::path& p) {
        return plainly_numbered(p.filename().string()).has_value();
      })) {
    return SqlTool::Numbered;
  }
  return std::nullopt;
}

std::vector<SqlMigration> read_sql_migrations(const std::string& path, SqlTool tool) {
  const fs::path folder = folder_of(path);
  std::vector<SqlMigration> result;
  if (tool == SqlTool::Sqitch) {
    result = read_sqitch(sqitch_folder(path).value_or(path));
  } else if (tool == SqlTool::Structure) {
    result = read_structure(structure_file(path).value_or(path));
  } else if (tool == SqlTool::Flyway) {
    result = flyway(folder);
  } else if (tool == SqlTool::Prisma) {
    result = folders(folder, "migration.sql", [](const std::string& name) { return name; });
    for (SqlMigration& one : result) one.checksum = sha256_of(one.sql);
  } else if (tool == SqlTool::Diesel) {
    result = folders(folder, "up.sql", [](const std::string& name) {
      std::string version = name.substr(0, name.find('_'));
      std::erase(version, '-');
      return version;
    });
  } else {
    result = files(folder, tool);
  }
  std::map<std::string, std::string> seen;
  for (const SqlMigration& one : result) {
    const auto [before, fresh] = seen.emplace(one.revision, one.file);
    if (!fresh) {
      refuse(fmt::format("the version {} is that of {} too", one.revision, before->second),
             one.file, "Give each migration a version of its own.");
    }
  }
  if (result.empty()) {
    refuse(fmt::format("{} holds no migration of {}", folder.string(), name_of(tool)), folder,
           "Check migrations.path and migrations.tool.");
  }
  return result;
}

}  // namespace driftd

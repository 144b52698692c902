#include "expected_schema/postgres/migration_signs.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <charconv>
#include <optional>

#include "expected_schema/base/error.h"

namespace driftd {
namespace {

std::uint32_t crc32(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

MigrationLock lock_of(std::uint64_t key, std::string owner) {
  return {static_cast<std::uint32_t>(key >> 32U), static_cast<std::uint32_t>(key), false,
          std::move(owner)};
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// Of the modes that exclude each other, the strongest is refuse_during_ddl's. Whose progress views
// show pid and database is everybody's to read.
constexpr const char* work_sql =
    "WITH here AS (SELECT oid FROM pg_database WHERE datname = current_database())"
    " SELECT format('process %s builds an index', p.pid)"
    "   FROM pg_stat_progress_create_index p JOIN here ON p.datid = here.oid"
    " UNION"
    " SELECT format('process %s has %I.%I locked against changes (%s)', l.pid, n.nspname,"
    "               c.relname, l.mode)"
    "   FROM pg_locks l JOIN here ON l.database = here.oid"
    "   JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE l.locktype = 'relation' AND l.granted AND l.relation >= 16384"
    "    AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock')"
    "    AND c.relpersistence <> 't' AND c.relkind IN ('r', 'p', 'm')"
    "    AND l.pid IS DISTINCT FROM pg_backend_pid()"
    "    AND NOT EXISTS (SELECT FROM pg_stat_progress_vacuum v WHERE v.pid = l.pid)";
constexpr const char* no_analyze =
    " AND NOT EXISTS (SELECT FROM pg_stat_progress_analyze a WHERE a.pid = l.pid)";  // since 13

constexpr const char* locks_sql =
    "SELECT pid, classid::bigint, objid::bigint, objsubid FROM pg_locks"
    " WHERE locktype = 'advisory' AND granted"
    "   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

}  // namespace

std::vector<MigrationLock> locks_of_tools(const std::string& database) {
  const std::uint64_t named = crc32(database);
  const std::string with_table =
      std::string("public") + '\0' + "schema_migrations" + '\0' + database;
  constexpr std::uint32_t go_salt = 1486364155;
  return {
      lock_of(2053462845 * named, "Rails"),
      lock_of(0x3d32ad9e * named, "sqlx"),
      lock_of(static_cast<std::uint32_t>(crc32(database) * go_salt), "golang-migrate"),
      lock_of(static_cast<std::uint32_t>(crc32(with_table) * go_salt), "golang-migrate"),
      lock_of(72707369, "Prisma"),
      lock_of(75474063, "sqitch"),
  };
}

MigrationLock parse_migration_lock(const std::string& text) {
  const std::string owner = "the migrations (" + text + ")";
  if (const std::size_t comma = text.find(','); comma != std::string::npos) {
    const auto first = number<std::int32_t>(std::string_view(text).substr(0, comma));
    const auto second = number<std::int32_t>(std::string_view(text).substr(comma + 1));
    if (first && second) {
      return {static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*second), true, owner};
    }
  } else if (const auto key = number<std::int64_t>(text)) {
    return lock_of(static_cast<std::uint64_t>(*key), owner);
  }
  throw Error(Reason::Settings, fmt::format("\"{}\" is no key of an advisory lock", text),
              "Write it as pg_advisory_lock takes it: one number, or two with a comma between.");
}

std::vector<std::string> migration_signs(Snapshot& snapshot,
                                         const std::vector<MigrationLock>& locks) {
  std::vector<std::string> signs;
  std::string sql = work_sql;
  if (snapshot.server_major() >= 13) sql += no_analyze;
  const Rows work = snapshot.query(sql);
  for (std::size_t row = 0; row < work.size(); ++row) signs.push_back(work.text(row, 0));

  const Rows held = snapshot.query(locks_sql);
  if (held.size() > 0) {
    const Rows name = snapshot.query("SELECT current_database()");
    std::vector<MigrationLock> known = locks_of_tools(name.text(0, 0));
    known.insert(known.begin(), locks.begin(), locks.end());
    for (std::size_t row = 0; row < held.size(); ++row) {
      const auto high = number<std::uint32_t>(held.text(row, 1));
      const auto low = number<std::uint32_t>(held.text(row, 2));
      const bool pair = held.at(row, 3) == "2";
      const auto match = std::ranges::find_if(known, [&](const MigrationLock& lock) {
        return lock.high == high && lock.low == low && lock.pair == pair;
      });
      if (match == known.end()) continue;
      signs.push_back(
          fmt::format("process {} holds the advisory lock of {}", held.text(row, 0), match->owner));
    }
  }
  std::ranges::sort(signs);
  signs.erase(std::unique(signs.begin(), signs.end()), signs.end());
  return signs;
}

}  // namespace driftd

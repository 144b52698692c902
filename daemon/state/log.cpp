#include "daemon/state/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "daemon/state/database.h"
#include "expected_schema/base/error.h"

namespace driftd::state {

std::vector<Event> read_log(const std::string& path, const std::string& database,
                            std::size_t most) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw Error(Reason::Settings, fmt::format("there is no state file {}", path),
                "driftd serve makes it, where state names it in the settings.");
  }
  Database file(path, Database::Mode::ReadOnly);
  std::vector<Event> events;
  for (const Database::Row& row : file.query(
           "SELECT database, comparison, at, event, fingerprint, kind, object, drift, impact, "
           "detail, " +
               std::string(file.layout() < 2 ? "''" : "changed_by") +
               " FROM event WHERE ?1 = '' OR database = ?1 ORDER BY id DESC LIMIT ?2",
           {database, static_cast<std::int64_t>(most)})) {
    events.push_back({row[0], row[1], Time{} + std::chrono::milliseconds(std::stoll(row[2])),
                      row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10]});
  }
  std::ranges::reverse(events);
  return events;
}

}  // namespace driftd::state

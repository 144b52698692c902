#pragma once

#include <string>
#include <vector>

#include "daemon/judge/report.h"

namespace driftd::state {

/// Something that happened.
struct Event {
  std::string database;
  std::string comparison;
  Time at{};
  std::string
      event;  ///< appeared, changed, waived, no longer waived, resolved, unknown, known again
  std::string fingerprint;
  std::string kind;
  std::string object;
  std::string drift;
  std::string impact;
  std::string detail;
  std::string changed_by;  ///< who made it, in words, where that is known
};

/// The newest events of the file, the oldest of them first; of one database where it is named.
/// Throws Error{Internal, Settings} where the file cannot be read.
std::vector<Event> read_log(const std::string& path, const std::string& database, std::size_t most);

}  // namespace driftd::state

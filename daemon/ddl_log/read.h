#pragma once

#include <string>
#include <vector>

#include "daemon/judge/changed_by.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd::ddl_log {

/// A row of the log.
struct Entry {
  ChangedBy by;  ///< `certain` and `others` are not of the row
  std::string transaction;
  bool dropped = false;  ///< the object is gone
};

/// Which transactions count: those that ended after one snapshot and before another was taken, as
/// State::visible tells them. Empty: without that bound. No clock is asked: a transaction that
/// began an hour ago and ended now is new.
struct Window {
  std::string after;
  std::string until;

  friend auto operator<=>(const Window&, const Window&) = default;
};

/// The rows about objects of these names, and those about none (GRANT, REVOKE), the newest first;
/// at most a thousand. Throws what Snapshot::query throws.
std::vector<Entry> read(Snapshot& snapshot, const Window& window,
                        const std::vector<std::string>& names);

}  // namespace driftd::ddl_log

#pragma once

#include <set>
#include <string>
#include <vector>

#include "expected_schema/alembic/revision.h"
#include "expected_schema/history/history.h"

namespace driftd {

/// The version table's rows during an upgrade, and the statements by which Alembic keeps them
/// (alembic/runtime/migration.py, HeadMaintainer): a revision takes the place of those that it
/// builds on, or stands beside the others where none of them is there.
class VersionRows {
 public:
  explicit VersionRows(const VersionTable& table);

  std::vector<std::string> setup() const;
  /// `needs`: the ids of down_revision and of what depends_on means.
  std::vector<std::string> upgrade(const std::string& revision,
                                   const std::vector<std::string>& needs);

 private:
  std::string name_;  // quoted, qualified where the schema is known
  VersionTable table_;
  std::set<std::string> rows_;
};

}  // namespace driftd

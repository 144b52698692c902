#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/judge/report.h"
#include "daemon/state/database.h"

namespace driftd::state {

/// The looks before a restart, as far as they tell since when a finding is there.
class SinceTable {
 public:
  SinceTable(std::string database, Comparison comparison);

  /// The newest good look that was written down, with what since_of() needs of it.
  std::optional<Report> newest(Database& file) const;
  /// By the findings' fingerprints.
  std::map<std::string, Since> read(Database& file) const;

  /// In place of what was written before.
  void write(Database& file, const Report& report) const;
  /// One whose findings are all remembered.
  void write_look(Database& file, const Report& report) const;

 private:
  std::string database_;
  std::string comparison_;
};

}  // namespace driftd::state

#pragma once

#include <optional>
#include <string>

#include "daemon/judge/report.h"

namespace driftd {

/// Whether what the server counts of writes to its catalogues may stand for another look at their
/// rows, see catalogue_writes(). A busy cluster would else pay for that look at each interval. Pure
/// but for what it keeps.
class QuietCatalogue {
 public:
  /// Of the count before this look's snapshot. False where there is none; when it has moved, and
  /// for a while after, since who changes a schema changes it again and reports late; and when the
  /// rows were looked at too long ago.
  bool still(const std::optional<std::string>& writes, Time now);
  /// The rows have been looked at in a snapshot after that count, and their fingerprint is known.
  void looked(const std::optional<std::string>& writes, Time now);

 private:
  std::optional<std::string> writes_;  // at the newest look at the rows
  Time looked_{};
  std::optional<std::string> newest_;
  Time moved_{};
};

}  // namespace driftd

#pragma once

#include <memory>
#include <string>

#include "expected_schema/history/history.h"

namespace driftd {

/// The history on disk, read again only when a file of it was touched: a look comes every few
/// seconds, a release every few days.
class HistoryCache {
 public:
  /// Throws what open_history throws.
  std::shared_ptr<const History> at(const HistorySource& source);
  /// Identifies the state of the files that the last at() gave.
  const std::string& stamp() const { return stamp_; }

 private:
  std::shared_ptr<const History> history_;
  std::string stamp_;
};

}  // namespace driftd

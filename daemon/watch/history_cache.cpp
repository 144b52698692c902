#include "daemon/watch/history_cache.h"

#include <vector>

#include "expected_schema/base/file_stamp.h"

namespace driftd {

std::shared_ptr<const History> HistoryCache::at(const HistorySource& source) {
  if (history_ && stamp_of(history_->roots()) == stamp_) return history_;
  history_.reset();
  // The stamp is taken before the read that counts: a file that changes after it shows next time.
  const std::vector<std::string> roots = open_history(source)->roots();
  stamp_ = stamp_of(roots);
  history_ = open_history(source);
  return history_;
}

}  // namespace driftd

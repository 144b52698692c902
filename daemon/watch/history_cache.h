#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "expected_schema/history/history.h"

namespace driftd {

/// A history on disk, read again only when a file of it was touched: a look comes every few
/// seconds, a release every few days. For several threads: databases that share a history share
/// what was read of it.
class SharedHistory {
 public:
  struct Read;

  /// What stat said of the files is believed for `believed`, before it is asked again.
  explicit SharedHistory(HistorySource source, std::chrono::milliseconds believed = {});
  ~SharedHistory();
  SharedHistory(const SharedHistory&) = delete;
  SharedHistory& operator=(const SharedHistory&) = delete;

  /// Throws what open_history throws.
  std::shared_ptr<Read> now();

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// The history as one who looks at it saw it last. Not for several threads at once.
class HistoryCache {
 public:
  /// Of a history of its own, or of one that is shared.
  HistoryCache() = default;
  explicit HistoryCache(std::shared_ptr<SharedHistory> shared) : shared_(std::move(shared)) {}

  /// Throws what open_history throws. The source is always the same.
  std::shared_ptr<const History> at(const HistorySource& source);
  /// Identifies the state of the files that the last at() gave.
  const std::string& stamp() const;
  /// History::applied of what the last at() gave; one object while somebody holds it.
  std::shared_ptr<const AppliedHistory> applied(const std::vector<std::string>& revisions);

 private:
  std::shared_ptr<SharedHistory> shared_;
  std::shared_ptr<SharedHistory::Read> read_;
};

}  // namespace driftd

#include "daemon/watch/history_cache.h"

#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "expected_schema/base/error.h"
#include "expected_schema/base/file_stamp.h"
#include "expected_schema/base/text.h"

namespace driftd {

using Clock = std::chrono::steady_clock;

struct SharedHistory::Read {
  std::shared_ptr<const History> history;
  std::string stamp;

  std::mutex mutex;
  std::map<std::string, std::weak_ptr<const AppliedHistory>> applied;  // guarded by the mutex
};

struct SharedHistory::Storage {
  Storage(HistorySource s, std::chrono::milliseconds b) : source(std::move(s)), believed(b) {}

  const HistorySource source;
  const std::chrono::milliseconds believed;

  std::mutex mutex;  // of what follows; whoever reads lets the others wait for it
  std::shared_ptr<Read> read;
  std::optional<Error> refusal;  // where it could not be read
  Clock::time_point asked;
};

SharedHistory::SharedHistory(HistorySource source, std::chrono::milliseconds believed)
    : storage_(std::make_unique<Storage>(std::move(source), believed)) {}

SharedHistory::~SharedHistory() = default;

std::shared_ptr<SharedHistory::Read> SharedHistory::now() {
  Storage& s = *storage_;
  const std::lock_guard lock(s.mutex);
  const auto now = Clock::now();
  if (now - s.asked < s.believed) {
    if (s.refusal) throw Error(*s.refusal);
    if (s.read) return s.read;
  }
  s.asked = now;
  s.refusal.reset();
  if (s.read && stamp_of(s.read->history->roots()) == s.read->stamp) return s.read;
  s.read.reset();
  try {
    // The stamp is taken before the read that counts: a file that changes after it shows next time.
    auto fresh = std::make_shared<Read>();
    fresh->stamp = stamp_of(open_history(s.source)->roots());
    fresh->history = open_history(s.source);
    s.read = std::move(fresh);
  } catch (const Error& error) {
    s.refusal = error;
    throw;
  }
  return s.read;
}

std::shared_ptr<const History> HistoryCache::at(const HistorySource& source) {
  if (!shared_) shared_ = std::make_shared<SharedHistory>(source);
  read_.reset();
  read_ = shared_->now();
  return read_->history;
}

const std::string& HistoryCache::stamp() const {
  static const std::string none;
  return read_ ? read_->stamp : none;
}

std::shared_ptr<const AppliedHistory> HistoryCache::applied(
    const std::vector<std::string>& revisions) {
  const std::lock_guard lock(read_->mutex);
  auto& known = read_->applied[join(revisions, "\n")];
  auto applied = known.lock();
  if (!applied) {
    std::erase_if(read_->applied, [&](const auto& entry) {
      return &entry.second != &known && entry.second.expired();
    });
    applied = std::make_shared<const AppliedHistory>(read_->history->applied(revisions));
    known = applied;
  }
  return applied;
}

}  // namespace driftd

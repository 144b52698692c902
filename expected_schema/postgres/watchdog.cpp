#include "expected_schema/postgres/watchdog.h"

#include <sys/socket.h>

#include <condition_variable>
#include <set>
#include <thread>
#include <utility>

namespace driftd {

/// The deadlines of all sessions of the process, of which a daemon may have hundreds.
class Timekeeper {
 public:
  using Clock = Watchdog::Clock;

  static Timekeeper& only() {
    static Timekeeper keeper;
    return keeper;
  }

  ~Timekeeper() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  /// In place of the deadline before. When this returns, that one fires no more.
  void set(Watchdog& watchdog, std::optional<Clock::time_point> deadline) {
    bool sooner = false;
    {
      const std::lock_guard lock(mutex_);
      if (watchdog.deadline_) deadlines_.erase({*watchdog.deadline_, &watchdog});
      watchdog.deadline_ = deadline;
      if (!deadline) return;
      deadlines_.emplace(*deadline, &watchdog);
      if (!thread_.joinable()) thread_ = std::thread([this] { keep_time(); });
      sooner = *deadline < waits_until_;
    }
    if (sooner) changed_.notify_all();
  }

 private:
  void keep_time() {
    std::unique_lock lock(mutex_);
    while (!over_) {
      waits_until_ = deadlines_.empty() ? Clock::time_point::max() : deadlines_.begin()->first;
      if (deadlines_.empty()) {
        changed_.wait(lock);
      } else if (Clock::now() < waits_until_) {
        changed_.wait_until(lock, Clock::time_point(waits_until_));
      } else {
        Watchdog* const late = deadlines_.begin()->second;
        deadlines_.erase(deadlines_.begin());
        late->deadline_.reset();
        late->fire("the session took longer than its limit");
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::pair<Clock::time_point, Watchdog*>> deadlines_;
  Clock::time_point waits_until_ = Clock::time_point::max();
  bool over_ = false;
  std::thread thread_;  // from the first deadline on
};

Watchdog::~Watchdog() {
  on_stop_.reset();  // waits for a callback that runs
  Timekeeper::only().set(*this, std::nullopt);
}

void Watchdog::watch(std::optional<Clock::time_point> deadline, const std::stop_token& stop) {
  on_stop_.reset();
  Timekeeper::only().set(*this, deadline);
  if (stop.stop_possible()) on_stop_.emplace(stop, [this] { fire("stopped"); });
}

void Watchdog::rest() {
  on_stop_.reset();
  Timekeeper::only().set(*this, std::nullopt);
}

std::string Watchdog::fired() const {
  const std::lock_guard lock(mutex_);
  return why_ == nullptr ? std::string() : std::string(why_);
}

void Watchdog::fire(const char* why) {
  {
    const std::lock_guard lock(mutex_);
    if (why_ != nullptr) return;
    why_ = why;
  }
  ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace driftd

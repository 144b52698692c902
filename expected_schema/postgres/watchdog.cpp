#include "expected_schema/postgres/watchdog.h"

#include <sys/socket.h>

namespace driftd {

Watchdog::~Watchdog() {
  on_stop_.reset();  // waits for a callback that runs
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (clock_.joinable()) clock_.join();
}

void Watchdog::watch(std::optional<Clock::time_point> deadline, const std::stop_token& stop) {
  on_stop_.reset();
  set(deadline);
  if (deadline && !clock_.joinable()) clock_ = std::thread([this] { keep_time(); });
  if (stop.stop_possible()) on_stop_.emplace(stop, [this] { fire("stopped"); });
}

void Watchdog::rest() {
  on_stop_.reset();
  set(std::nullopt);
}

void Watchdog::set(std::optional<Clock::time_point> deadline) {
  {
    const std::lock_guard lock(mutex_);
    deadline_ = deadline;
  }
  changed_.notify_all();
}

void Watchdog::keep_time() {
  std::unique_lock lock(mutex_);
  while (!over_ && why_ == nullptr) {
    if (!deadline_) {
      changed_.wait(lock);
    } else if (Clock::now() < *deadline_) {
      changed_.wait_until(lock, Clock::time_point(*deadline_));
    } else {
      lock.unlock();
      fire("the session took longer than its limit");
      lock.lock();
    }
  }
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

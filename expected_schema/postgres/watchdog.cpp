#include "expected_schema/postgres/watchdog.h"

#include <sys/socket.h>

namespace driftd {

Watchdog::Watchdog(int socket, std::optional<Clock::time_point> deadline,
                   const std::stop_token& stop)
    : socket_(socket) {
  if (deadline) {
    clock_ = std::thread([this, deadline] {
      std::unique_lock lock(mutex_);
      const bool ended = changed_.wait_until(lock, *deadline, [this] { return over_; });
      lock.unlock();
      if (!ended) fire("the session took longer than its limit");
    });
  }
  if (stop.stop_possible()) on_stop_.emplace(stop, [this] { fire("stopped"); });
}

Watchdog::~Watchdog() {
  on_stop_.reset();  // waits for a callback that runs
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (clock_.joinable()) clock_.join();
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

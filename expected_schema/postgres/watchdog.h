#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace driftd {

/// Shuts a socket down when its time is over or a stop is requested, so that whoever is blocked
/// in it returns at once. One thread keeps the time of all.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  /// `socket` stays open as long as the watchdog lives.
  explicit Watchdog(int socket) : socket_(socket) {}
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// In place of what was watched for before.
  void watch(std::optional<Clock::time_point> deadline, const std::stop_token& stop);
  /// Nothing ends the session until the next watch().
  void rest();

  /// Why the socket was shut down, in words; empty while it was not.
  std::string fired() const;

 private:
  friend class Timekeeper;
  void fire(const char* why);

  const int socket_;
  mutable std::mutex mutex_;
  const char* why_ = nullptr;                  // guarded by mutex_
  std::optional<Clock::time_point> deadline_;  // guarded by the timekeeper's mutex
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace driftd

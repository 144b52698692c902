#pragma once

#include <signal.h>

#include <chrono>
#include <initializer_list>

namespace driftd {

/// Signals that are waited for instead of interrupting. Make it before any thread, which inherit
/// the mask.
class BlockedSignals {
 public:
  explicit BlockedSignals(std::initializer_list<int> numbers) {
    sigemptyset(&set_);
    for (const int number : numbers) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

  /// The next signal, or 0 after the time.
  int wait(std::chrono::milliseconds time) const {
    const timespec limit{.tv_sec = static_cast<time_t>(time.count() / 1000),
                         .tv_nsec = static_cast<long>(time.count() % 1000 * 1'000'000)};
    const int number = sigtimedwait(&set_, nullptr, &limit);
    return number < 0 ? 0 : number;
  }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

}  // namespace driftd

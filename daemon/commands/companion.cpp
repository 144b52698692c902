#include "daemon/commands/companion.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace driftd {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

void Companion::run(const std::stop_token& done) {
  const auto began = steady_clock::now();
  auto stopped = steady_clock::time_point::max();
  const bool person = ::isatty(STDERR_FILENO) == 1;
  bool shown = false;
  while (!done.stop_requested()) {
    if (signals_.wait(milliseconds(100)) != 0 && !stop_.stop_requested()) {
      stopped = steady_clock::now();
      stop_.request_stop();
    }
    const auto now = steady_clock::now();
    // Whatever still blocks then is left behind; a scratch server ends with its owner.
    if (stopped != steady_clock::time_point::max() && now - stopped > seconds(4)) ::_exit(1);
    if (person && now - began > seconds(1)) {
      shown = true;
      fmt::print(stderr, "\rlooking ... {} s",
                 std::chrono::duration_cast<seconds>(now - began).count());
    }
  }
  if (shown) fmt::print(stderr, "\r\033[K");
}

}  // namespace driftd

#pragma once

#include <signal.h>

#include <stop_token>
#include <thread>

#include "daemon/commands/signals.h"

namespace driftd {

/// Beside a command that looks: turns SIGINT and SIGTERM into a stop, and shows a person that it
/// still works.
class Companion {
 public:
  Companion() : thread_([this](const std::stop_token& done) { run(done); }) {}

  std::stop_token stop() const { return stop_.get_token(); }

 private:
  void run(const std::stop_token& done);

  BlockedSignals signals_{SIGINT, SIGTERM};
  std::stop_source stop_;
  std::jthread thread_;  // last: it begins when all it uses is there, and ends first
};

}  // namespace driftd

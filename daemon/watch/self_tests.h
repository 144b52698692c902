#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/watch/self_test.h"

namespace driftd {

/// The self-tests of all databases that share a scratch server, by what they expect: one that was
/// made of an expected schema holds for every database that is compared with it. For several
/// threads.
class SelfTests {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Outcome {
    std::optional<SelfTest> test;  ///< nothing: there is nothing to plant in
    std::string failure;           ///< why it could not be made; empty: it was
  };

  /// The newest one of the expected schema with that digest, where it is no older than `age`; a
  /// test that could not be made no older than `failure_age`.
  std::optional<Outcome> newest(const std::string& digest, std::chrono::milliseconds age,
                                std::chrono::milliseconds failure_age, Time now) const;
  void add(const std::string& digest, Outcome outcome, Time now);

 private:
  struct Entry {
    Outcome outcome;
    Time ended;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Entry> by_digest_;
};

}  // namespace driftd

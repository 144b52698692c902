#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "daemon/settings/settings.h"
#include "daemon/watch/crew.h"
#include "daemon/watch/self_test.h"

namespace driftd {

/// Tests itself soon after there is something to test with, and then every `self_test` of the
/// settings.
class SelfTester {
 public:
  SelfTester(const DatabaseSettings& settings, Crew& crew);
  ~SelfTester();
  SelfTester(const SelfTester&) = delete;
  SelfTester& operator=(const SelfTester&) = delete;

  /// What is applied, and where: the newest counts.
  void with(std::shared_ptr<const AppliedHistory> history, const Target& target);
  /// The newest one that ended; nothing before the first.
  std::optional<SelfTest> latest() const;
  void request_stop();

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

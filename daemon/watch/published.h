#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/judge/report.h"
#include "daemon/watch/self_test.h"

namespace driftd {

/// What everybody who shows something reads: the newest knowledge of one database, and whether the
/// newest look failed. Immutable once published.
struct Published {
  std::string name;                         ///< the `datname` label
  std::shared_ptr<const Report> last_good;  ///< null before the first good look
  std::optional<Unknown> unknown;           ///< the newest look could not tell
  Time looked{};                            ///< the newest look that ended; zero before the first
  Time last_success{};                      ///< the newest good look; zero before the first
  std::chrono::milliseconds interval{0};
  std::map<std::string, double> stage_seconds;  ///< of the newest look
  double late = 0;  ///< seconds from when the newest look was due to its beginning
  /// Told by the newest look; see Policy::grace for what waits for it.
  std::optional<Deployment> deployment;
  std::uint64_t looks = 0;
  std::map<Reason, std::uint64_t> failures;  ///< looks that could not tell
  std::map<Reason, std::uint64_t> skipped;   ///< looks put off: DDL in progress, a torn read
  std::uint64_t fingerprints = 0;            ///< looks that looked at the catalogues' rows
  std::uint64_t full_reads = 0;
  /// Why what happens is not remembered, empty where it is; nothing where nobody asked for it.
  std::optional<std::string> state_problem;
  /// Why nobody says when the schema was changed, empty where the DDL log does; nothing where
  /// nobody asked for it.
  std::optional<std::string> listening_problem;
  /// The newest self-test; nothing before the first, and where there is none.
  std::optional<SelfTest> self_test;
  /// The models against the migrations, where the settings name models; null where they do not.
  std::shared_ptr<const Published> models;

  /// Never InSync unless the newest look said so: Unknown before the first look, when it failed,
  /// and when findings are seen but none is confirmed yet.
  Status status() const;
};

/// One value, one writer, many readers. A mutex: libstdc++ 12's atomic<shared_ptr> trips
/// ThreadSanitizer.
template <typename T>
class Latest {
 public:
  void publish(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }
  std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace driftd

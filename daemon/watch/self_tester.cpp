#include "daemon/watch/self_tester.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A start has enough to do.
constexpr std::chrono::seconds after_start{20};
constexpr milliseconds turn{1000};
/// A test that could not be made says nothing yet; it is tried again soon, and so often.
constexpr std::chrono::minutes again{1};
constexpr int most_failures = 10;

/// One at a time in the process, each of which has a scratch server: hundreds of databases start at
/// the same moment.
std::timed_mutex& one_at_a_time() {
  static std::timed_mutex mutex;
  return mutex;
}

}  // namespace

struct SelfTester::Storage {
  explicit Storage(const DatabaseSettings& s)
      : settings(s), schemas(s.scratch), random(std::random_device{}()) {}

  void run(const std::stop_token& stop);
  /// False where it could not be made.
  bool test(const std::stop_token& stop);

  const DatabaseSettings settings;
  ExpectedSchemas schemas;
  std::mt19937_64 random;
  int failures = 0;  // in a row

  mutable std::mutex mutex;
  std::shared_ptr<const AppliedHistory> history;
  Target target;
  std::optional<SelfTest> newest;

  std::jthread thread;  // last: it ends before what it uses
};

bool SelfTester::Storage::test(const std::stop_token& stop) {
  std::unique_lock turns(one_at_a_time(), std::defer_lock);
  while (!turns.try_lock_for(turn)) {
    if (stop.stop_requested()) return false;
  }
  std::shared_ptr<const AppliedHistory> applied;
  Target like;
  {
    const std::lock_guard lock(mutex);
    applied = history;
    like = target;
  }
  std::optional<SelfTest> result;
  try {
    result = self_test(*applied, like, settings.scope, schemas, random(), stop);
  } catch (const std::exception& error) {
    if (stop.stop_requested() || ++failures < most_failures) return false;
    result = SelfTest{false, std::string("the self-test could not be made: ") + error.what(),
                      std::chrono::system_clock::now()};
  }
  if (!result || result->success) failures = 0;
  const std::lock_guard lock(mutex);
  newest = std::move(result);
  return failures == 0;
}

void SelfTester::Storage::run(const std::stop_token& stop) {
  const milliseconds interval = settings.self_test;
  auto due = steady_clock::now() + std::min<milliseconds>(after_start, interval);
  std::mutex waiting;
  std::unique_lock lock(waiting);
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const bool ready = [&] {
      const std::lock_guard inner(mutex);
      return history != nullptr;
    }();
    if (ready && steady_clock::now() >= due) {
      const bool made = test(stop);
      due = steady_clock::now() + (made ? interval : std::min<milliseconds>(again, interval));
    }
    schemas.rest();
    wake.wait_for(lock, stop, std::min(turn, interval), [] { return false; });
  }
}

SelfTester::SelfTester(const DatabaseSettings& settings)
    : storage_(std::make_unique<Storage>(settings)) {
  storage_->thread = std::jthread([s = storage_.get()](std::stop_token stop) { s->run(stop); });
}

SelfTester::~SelfTester() = default;

void SelfTester::with(std::shared_ptr<const AppliedHistory> history, const Target& target) {
  const std::lock_guard lock(storage_->mutex);
  storage_->history = std::move(history);
  storage_->target = target;
}

std::optional<SelfTest> SelfTester::latest() const {
  const std::lock_guard lock(storage_->mutex);
  return storage_->newest;
}

void SelfTester::request_stop() {
  storage_->thread.request_stop();
}

}  // namespace driftd

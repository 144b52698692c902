#include "daemon/watch/self_tester.h"

#include <algorithm>
#include <mutex>
#include <random>

namespace driftd {
namespace {

using std::chrono::milliseconds;

/// A start has enough to do.
constexpr std::chrono::seconds after_start{20};
/// Until there is something to test with, which makes a test due.
constexpr std::chrono::minutes until_something{1};
/// A test that could not be made says nothing yet; it is tried again soon, and so often.
constexpr std::chrono::minutes again{1};
constexpr int most_failures = 10;

}  // namespace

struct SelfTester::Storage {
  Storage(const DatabaseSettings& s, Crew& crew)
      : settings(s),
        schemas(crew.schemas(s.scratch)),
        tests(crew.self_tests(s.scratch)),
        random(std::random_device{}()) {}

  Workers::Next turn(const std::stop_token& stop);
  /// What another database found that expects the same, or a test of its own. Nothing when stopped.
  std::optional<SelfTests::Outcome> outcome(const AppliedHistory& applied, const Target& like,
                                            const std::stop_token& stop);
  /// False where it could not be made.
  bool test(const std::stop_token& stop);

  const DatabaseSettings settings;
  const std::shared_ptr<ExpectedSchemas> schemas;
  const std::shared_ptr<SelfTests> tests;
  std::mt19937_64 random;
  int failures = 0;                               // in a row
  std::optional<Workers::Clock::time_point> due;  // nothing before there is something to test

  mutable std::mutex mutex;
  std::shared_ptr<const AppliedHistory> history;
  Target target;
  std::optional<SelfTest> newest;

  std::unique_ptr<Workers::Task> task;  // last: it ends before what it uses
};

std::optional<SelfTests::Outcome> SelfTester::Storage::outcome(const AppliedHistory& applied,
                                                               const Target& like,
                                                               const std::stop_token& stop) {
  // Half of the time between two tests: the hour of each database begins at another moment.
  const auto recent = std::min<milliseconds>(settings.self_test, std::chrono::hours(24)) / 2;
  std::string digest;
  SelfTests::Outcome outcome;
  try {
    const Scope scope = expected_scope(settings);
    digest = can_test(applied, scope) ? schemas->of(applied, like, scope, stop)->digest : "";
    if (digest.empty()) return outcome;
    if (auto known = tests->newest(digest, recent, again / 2, Workers::Clock::now())) return known;
    outcome.test = self_test(applied, like, scope, *schemas, random(), stop);
  } catch (const std::exception& error) {
    outcome.failure = error.what();
  }
  if (stop.stop_requested()) return std::nullopt;
  if (!digest.empty()) tests->add(digest, outcome, Workers::Clock::now());
  return outcome;
}

bool SelfTester::Storage::test(const std::stop_token& stop) {
  std::shared_ptr<const AppliedHistory> applied;
  Target like;
  {
    const std::lock_guard lock(mutex);
    applied = history;
    like = target;
  }
  std::optional<SelfTests::Outcome> made = outcome(*applied, like, stop);
  if (!made) return false;
  std::optional<SelfTest> result = std::move(made->test);
  if (!made->failure.empty()) {
    if (++failures < most_failures) return false;
    result = SelfTest{false, "the self-test could not be made: " + made->failure,
                      std::chrono::system_clock::now()};
  }
  if (!result || result->success) failures = 0;
  const std::lock_guard lock(mutex);
  newest = std::move(result);
  return failures == 0;
}

Workers::Next SelfTester::Storage::turn(const std::stop_token& stop) {
  const milliseconds interval = settings.self_test;
  const bool ready = [&] {
    const std::lock_guard lock(mutex);
    return history != nullptr;
  }();
  if (!ready) return {until_something};
  auto now = Workers::Clock::now();
  if (!due) due = now + std::min<milliseconds>(after_start, interval);
  if (now >= *due) {
    const bool made = test(stop);
    now = Workers::Clock::now();
    due = now + (made ? interval : std::min<milliseconds>(again, interval));
  }
  return {std::chrono::ceil<milliseconds>(*due - now)};
}

SelfTester::SelfTester(const DatabaseSettings& settings, Crew& crew)
    : storage_(std::make_unique<Storage>(settings, crew)) {
  storage_->task = crew.background.add(
      {}, [s = storage_.get()](const Workers::Turn& turn) { return s->turn(turn.stop); });
}

SelfTester::~SelfTester() = default;

void SelfTester::with(std::shared_ptr<const AppliedHistory> history, const Target& target) {
  bool first = false;
  {
    const std::lock_guard lock(storage_->mutex);
    first = storage_->history == nullptr;
    storage_->history = std::move(history);
    storage_->target = target;
  }
  if (first) storage_->task->soon();
}

std::optional<SelfTest> SelfTester::latest() const {
  const std::lock_guard lock(storage_->mutex);
  return storage_->newest;
}

void SelfTester::request_stop() {
  storage_->task->request_stop();
}

}  // namespace driftd

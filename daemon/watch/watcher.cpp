#include "daemon/watch/watcher.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>

#include "daemon/state/memory.h"
#include "daemon/watch/models_watcher.h"
#include "daemon/watch/scan.h"
#include "daemon/watch/schedule.h"
#include "daemon/watch/self_tester.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

/// How often a waiting watcher looks whether the scratch server may rest.
constexpr milliseconds turn{5000};

/// So many looks more than it takes to confirm may differ from each other.
constexpr int patience = 10;

template <typename... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace

struct Watcher::Storage {
  Storage(DatabaseSettings s, std::function<void(const Published&)> callback)
      : settings(std::move(s)),
        published(std::move(callback)),
        expected(settings.scratch),
        random(std::random_device{}()),
        remembered(settings.state,
                   settings.name.empty() ? database_name(settings.endpoint) : settings.name,
                   Comparison::Database) {
    if (remembered.asked_for()) memory.first_seen_digests = remembered.applied();
    state.name = settings.name.empty() ? database_name(settings.endpoint) : settings.name;
    state.interval = settings.interval;
    latest.publish(std::make_shared<const Published>(state));
  }

  void run(const std::stop_token& stop);
  milliseconds look(const std::stop_token& stop);
  void remember(Time now);
  void publish() {
    latest.publish(std::make_shared<const Published>(state));
    if (published) published(state);
  }
  void wait(const std::stop_token& stop, milliseconds delay);
  void beat() { heartbeat = steady_clock::now().time_since_epoch().count(); }

  const DatabaseSettings settings;
  std::function<void(const Published&)> published;
  Latest<Published> latest;
  std::atomic<steady_clock::rep> heartbeat{0};

  // Of the watcher's thread alone:
  Published state;
  ExpectedSchemas expected;
  LookMemory memory;
  std::mt19937_64 random;
  state::Memory remembered;
  std::unique_ptr<SelfTester> tester;     // null: never
  std::unique_ptr<ModelsWatcher> models;  // null: the settings name none
  Time putting_off_since{};               // zero: the newest look was not put off
  int restless = 0;                       // good looks in a row whose findings no look before had

  std::jthread thread;  // last: it ends before what it uses
};

milliseconds Watcher::Storage::look(const std::stop_token& stop) {
  const Time now = system_clock::now();
  LookTimes times;
  Outcome outcome = scan(settings, expected, memory, times, now, stop);
  if (stop.stop_requested()) return milliseconds(0);

  ++state.looks;
  state.looked = now;
  state.stage_seconds = std::move(times.stage_seconds);
  if (times.fingerprint) ++state.fingerprints;
  if (times.full_read) ++state.full_reads;

  state.deployment = std::visit([](const auto& o) { return o.deployment; }, outcome);

  if (const auto* skipped = std::get_if<Skipped>(&outcome)) {
    ++state.skipped[skipped->reason];
    if (putting_off_since == Time{}) putting_off_since = now;
    if (now - putting_off_since < longest_put_off) {
      publish();
      return settings.confirm_after;
    }
    outcome = put_off_too_long(*skipped, putting_off_since, now);
  } else {
    putting_off_since = {};
  }

  if (tester && memory.applied && std::holds_alternative<Report>(outcome)) {
    tester->with(memory.applied, memory.target);
  }
  if (models && memory.target.server_major > 0) models->be_like(memory.target);
  bool fresh_findings = false;
  if (auto* report = std::get_if<Report>(&outcome)) {
    if (remembered.restore(*report)) memory.last_good = std::make_shared<const Report>(*report);
    remembered.set_applied(memory.first_seen_digests);
    try {
      memory.waivers.apply(settings.waivers, *report, now);
    } catch (const Error& error) {
      outcome = waivers_unread(error, now);
    }
  }
  state.self_test = tester ? tester->latest() : std::nullopt;
  if (state.self_test && !state.self_test->success && std::holds_alternative<Report>(outcome)) {
    outcome = self_test_failed(*state.self_test, now);
  }
  std::visit(overloaded{[&](Report& report) {
                          // What agrees and only waits for a deployment to end is in no hurry.
                          fresh_findings =
                              std::ranges::any_of(report.findings, [&](const Finding& finding) {
                                return finding.state == FindingState::Seen &&
                                       finding.looks < settings.policy.confirm_looks;
                              });
                          restless = fresh_findings && report.confirmed() == 0 ? restless + 1 : 0;
                          state.unknown.reset();
                          if (restless > settings.policy.confirm_looks + patience) {
                            state.unknown = never_the_same(restless, now);
                          }
                          state.last_success = now;
                          state.last_good = std::make_shared<const Report>(std::move(report));
                        },
                        [&](Unknown& unknown) {
                          if (state.unknown) unknown.since = state.unknown->since;
                          ++state.failures[unknown.reason];
                          state.unknown = std::move(unknown);
                        },
                        [](Skipped&) {}},
             outcome);
  remember(now);
  publish();

  // The page to the pager does not wait for the replay that tells which migration said so.
  if (state.last_good && !state.unknown && !fresh_findings) {
    if (auto traced = trace(*memory.last_good, settings, expected, memory, stop)) {
      memory.last_good = std::make_shared<const Report>(*traced);
      memory.waivers.apply(settings.waivers, *traced, now);
      state.last_good = std::make_shared<const Report>(*std::move(traced));
      publish();
    }
  }
  return fresh_findings ? settings.confirm_after
                        : next_delay(settings.interval, settings.jitter, random());
}

void Watcher::Storage::remember(Time now) {
  if (!remembered.asked_for()) return;
  if (state.unknown) {
    remembered.record_unknown(state.unknown->message, now);
  } else if (state.last_good) {
    remembered.record(*state.last_good, now);
  }
  state.state_problem = remembered.problem();
}

void Watcher::Storage::wait(const std::stop_token& stop, milliseconds delay) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  const auto until = steady_clock::now() + delay;
  while (!stop.stop_requested() && steady_clock::now() < until) {
    beat();
    expected.rest();
    wake.wait_until(lock, stop, std::min(until, steady_clock::now() + turn), [] { return false; });
  }
}

void Watcher::Storage::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    beat();
    const milliseconds delay = look(stop);
    wait(stop, delay);
  }
}

Watcher::Watcher(DatabaseSettings settings, std::function<void(const Published&)> published,
                 std::function<void(const Published&)> models_published)
    : storage_(std::make_unique<Storage>(std::move(settings), std::move(published))) {
  if (storage_->settings.models.named()) {
    storage_->models =
        std::make_unique<ModelsWatcher>(storage_->settings, std::move(models_published));
  }
  if (storage_->settings.self_test.count() > 0) {
    storage_->tester = std::make_unique<SelfTester>(storage_->settings);
  }
  storage_->beat();
  storage_->thread = std::jthread([s = storage_.get()](std::stop_token stop) { s->run(stop); });
}

Watcher::~Watcher() = default;

std::shared_ptr<const Published> Watcher::latest() const {
  auto own = storage_->latest.get();
  if (!storage_->models) return own;
  auto both = std::make_shared<Published>(*own);
  both->models = storage_->models->latest();
  return both;
}

void Watcher::request_stop() {
  storage_->thread.request_stop();
  if (storage_->models) storage_->models->request_stop();
  if (storage_->tester) storage_->tester->request_stop();
}

bool Watcher::alive() const {
  const DatabaseSettings& s = storage_->settings;
  const milliseconds bound =
      s.limits.connect + s.limits.session + 2 * s.replay_limit + turn + milliseconds(30000);
  const steady_clock::time_point beat{steady_clock::duration(storage_->heartbeat.load())};
  if (storage_->models && !storage_->models->alive()) return false;
  return steady_clock::now() - beat < bound;
}

}  // namespace driftd

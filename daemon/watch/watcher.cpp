#include "daemon/watch/watcher.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <stop_token>
#include <utility>
#include <variant>

#include "daemon/judge/tenants.h"
#include "daemon/state/memory.h"
#include "daemon/watch/explainer.h"
#include "daemon/watch/listener.h"
#include "daemon/watch/models_watcher.h"
#include "daemon/watch/pace.h"
#include "daemon/watch/scan.h"
#include "daemon/watch/schedule.h"
#include "daemon/watch/self_tester.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

/// To tell that a deployment has ended.
constexpr milliseconds soon_enough{5000};

/// What could not be explained.
constexpr std::chrono::minutes try_again{10};

/// So many looks more than it takes to confirm may differ from each other.
constexpr int patience = 10;

/// Whether the server said nothing, which is slow to find out, and likely of all its databases.
bool unanswered(const Unknown& unknown) {
  return unknown.stage != "replay" &&
         (unknown.reason == Reason::Connect || unknown.reason == Reason::Timeout);
}

/// How long the newest look kept the watched server at work.
milliseconds worked(const std::map<std::string, double>& stage_seconds) {
  double seconds = 0;
  for (const auto& [stage, took] : stage_seconds) {
    if (stage != "replay" && stage != "compare") seconds += took;
  }
  return std::chrono::duration_cast<milliseconds>(std::chrono::duration<double>(seconds));
}

template <typename... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace

struct Watcher::Storage {
  Storage(DatabaseSettings s, Crew& crew, std::function<void(const Published&)> callback)
      : settings(std::move(s)),
        published(std::move(callback)),
        expected(crew.schemas(settings.scratch)),
        random(std::random_device{}()),
        remembered(settings.state,
                   settings.name.empty() ? database_name(settings.endpoint) : settings.name,
                   Comparison::Database) {
    memory.session = KeptSession(crew.idle_sessions(server_name(settings.endpoint)));
    memory.history = HistoryCache(crew.history(settings.history));
    if (remembered.asked_for()) memory.first_seen_digests = remembered.applied();
    state.name = settings.name.empty() ? database_name(settings.endpoint) : settings.name;
    state.interval = settings.interval;
    latest.publish(std::make_shared<const Published>(state));
  }

  Workers::Next turn(const Workers::Turn& turn);
  void ask_for_explanation(Time now, const std::function<void()>& tell);
  void take_explanation(Time now);
  Workers::Next look(const Workers::Turn& turn);
  void heard(bool at_rest);
  void remember(Time now);
  void publish() {
    latest.publish(std::make_shared<const Published>(state));
    if (published) published(state);
  }
  const DatabaseSettings settings;
  std::function<void(const Published&)> published;
  Latest<Published> latest;
  const std::shared_ptr<ExpectedSchemas> expected;

  // Of the look alone:
  Published state;
  LookMemory memory;
  std::mt19937_64 random;
  state::Memory remembered;
  std::unique_ptr<SelfTester> tester;     // null: never
  std::unique_ptr<ModelsWatcher> models;  // null: the settings name none
  Time putting_off_since{};               // zero: the newest look was not put off
  int restless = 0;                       // good looks in a row whose findings no look before had
  bool fresh_findings = false;            // the next look is to confirm some
  std::string asked;                      // see Explainer::key_of; what an explanation is of
  Time ask_again{};                       // zero: when something else is to be explained
  bool looked = false;                    // the newest turn was not put off for a replay

  std::mutex pacing;
  Pace pace;  // guarded by pacing

  // Last: they end before what they use.
  std::unique_ptr<Explainer> explainer;  // which the task uses
  std::unique_ptr<Workers::Task> task;
  std::unique_ptr<Listener> listener;  // null: nobody listens
};

void Watcher::Storage::ask_for_explanation(Time now, const std::function<void()>& tell) {
  if (memory.last_good->findings.empty()) return asked.clear();
  const std::string key = Explainer::key_of(*memory.last_good, memory);
  if (key == asked && (ask_again == Time{} || now < ask_again)) return;
  asked = key;
  ask_again = {};
  explainer->ask(memory, tell);
}

/// What was told of findings that are still the same.
void Watcher::Storage::take_explanation(Time now) {
  const auto answer = explainer->take();
  if (!answer || answer->key != asked) return;
  if (answer->half_run) {
    if (answer->key != memory.half_run.key) return;
    memory.half_run.cause = answer->half_run;
    if (!state.unknown || state.unknown->stage != "history") return;
    state.unknown->cause = answer->half_run;
    return publish();
  }
  if (!memory.last_good) return;
  if (answer->failed) {
    ask_again = now + try_again;
  } else {
    memory.causes.actual.reset();
  }
  if (!answer->report || answer->key != Explainer::key_of(*memory.last_good, memory)) return;
  Report told = explained(*memory.last_good, *answer->report);
  memory.last_good = std::make_shared<const Report>(told);
  if (state.unknown) return;  // what was good before stays as it was shown
  try {
    memory.waivers.apply(settings.waivers, told, now);
  } catch (const Error&) {
    return;  // the next look says so
  }
  state.last_good = std::make_shared<const Report>(std::move(told));
  publish();
}

/// A look, unless it was called for before its time.
Workers::Next Watcher::Storage::turn(const Workers::Turn& turn) {
  take_explanation(system_clock::now());
  const auto left = [&] {
    return std::chrono::ceil<milliseconds>(pace.due() - Workers::Clock::now());
  };
  {
    const std::lock_guard lock(pacing);
    if (left().count() > 0) return {left()};
    memory.told = pace.begin();
  }
  Workers::Next next = look(turn);
  const std::lock_guard lock(pacing);
  if (!looked) {
    pace.put_off();
    return next;
  }
  pace.end(Workers::Clock::now(), worked(state.stage_seconds), next.after, fresh_findings);
  next.after = std::max(left(), milliseconds(0));
  return next;
}

void Watcher::Storage::heard(bool at_rest) {
  {
    const std::lock_guard lock(pacing);
    pace.heard(Workers::Clock::now(), at_rest);
  }
  task->soon();
}

Workers::Next Watcher::Storage::look(const Workers::Turn& turn) {
  const std::stop_token& stop = turn.stop;
  const Time now = system_clock::now();
  const Leave leave{turn.may_take_long, this, turn.soon};
  memory.leave = &leave;
  LookTimes times;
  fresh_findings = false;
  looked = false;
  Outcome outcome = scan(settings, *expected, memory, times, now, stop);
  if (stop.stop_requested()) return {};
  if (const auto* skipped = std::get_if<Skipped>(&outcome); skipped && skipped->replay_waits) {
    if (putting_off_since == Time{}) putting_off_since = now;
    if (now - putting_off_since >= longest_put_off && state.last_good && !state.unknown) {
      state.unknown = replay_waited_too_long(putting_off_since, now);
      ++state.failures[state.unknown->reason];
      remember(now);
      publish();
    }
    return {*skipped->replay_waits};
  }

  looked = true;
  ++state.looks;
  state.looked = now;
  state.late = std::chrono::duration<double>(turn.late).count();
  state.stage_seconds = std::move(times.stage_seconds);
  if (times.fingerprint) ++state.fingerprints;
  if (times.full_read) ++state.full_reads;

  state.deployment = std::visit([](const auto& o) { return o.deployment; }, outcome);
  if (state.deployment && state.deployment->lasting) state.deployment.reset();

  if (const auto* skipped = std::get_if<Skipped>(&outcome)) {
    ++state.skipped[skipped->reason];
    if (putting_off_since == Time{}) putting_off_since = now;
    if (now - putting_off_since < longest_put_off) {
      publish();
      return {settings.confirm_after};
    }
    outcome = put_off_too_long(*skipped, putting_off_since, now);
  } else {
    putting_off_since = {};
  }

  if (tester && memory.applied && std::holds_alternative<Report>(outcome)) {
    tester->with(memory.applied, memory.target);
  }
  if (models && memory.target.server_major > 0) models->be_like(memory.target);
  if (auto* report = std::get_if<Report>(&outcome)) {
    if (remembered.restore(*report)) {
      confirm_sightings(*report);
      memory.last_good = std::make_shared<const Report>(*report);
    }
    remembered.set_applied(memory.first_seen_digests);
    if (memory.changed_by.ask(*report, memory.session, settings, stop)) {
      memory.last_good = std::make_shared<const Report>(*report);
    }
    try {
      memory.waivers.apply(settings.waivers, *report, now);
    } catch (const Error& error) {
      outcome = waivers_unread(error, now);
    }
  }
  if (listener) state.listening_problem = listener->problem();
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
  if (state.unknown && memory.half_run.database && asked != memory.half_run.key) {
    asked = memory.half_run.key;
    explainer->ask_half_run(memory, turn.soon);
  } else if (state.last_good && !state.unknown && !fresh_findings) {
    ask_for_explanation(now, turn.soon);
  }
  milliseconds next = next_delay(settings.interval, settings.jitter, random());
  // What waits for a deployment is asked about soon, however long the interval is.
  if (state.deployment && state.status() == Status::Unknown) next = std::min(next, soon_enough);
  return {fresh_findings ? settings.confirm_after : next,
          state.unknown && unanswered(*state.unknown)};
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

Watcher::Watcher(DatabaseSettings settings, Crew& crew,
                 std::function<void(const Published&)> published,
                 std::function<void(const Published&)> models_published)
    : storage_(std::make_unique<Storage>(std::move(settings), crew, std::move(published))) {
  Storage* const s = storage_.get();
  if (s->settings.models.named()) {
    s->models = std::make_unique<ModelsWatcher>(s->settings, crew, std::move(models_published));
  }
  if (s->settings.self_test.count() > 0) {
    s->tester = std::make_unique<SelfTester>(s->settings, crew);
  }
  s->explainer = std::make_unique<Explainer>(s->settings, crew);
  s->task = crew.looks.add(server_name(s->settings.endpoint),
                           [s](const Workers::Turn& turn) { return s->turn(turn); });
  if (s->settings.listen_to_ddl_log) {
    Endpoint endpoint = s->settings.endpoint;
    if (!s->settings.ddl_log_database.empty()) {
      endpoint.conninfo = s->settings.ddl_log_database;
    }
    s->listener = std::make_unique<Listener>(std::move(endpoint), s->settings.limits,
                                             [s](bool at_rest) { s->heard(at_rest); });
  }
}

Watcher::~Watcher() {
  request_stop();
  storage_->expected->forget(storage_.get());
}

std::shared_ptr<const Published> Watcher::latest() const {
  auto own = storage_->latest.get();
  if (!storage_->models) return own;
  auto both = std::make_shared<Published>(*own);
  both->models = storage_->models->latest();
  return both;
}

void Watcher::request_stop() {
  if (storage_->listener) storage_->listener->request_stop();
  storage_->task->request_stop();
  storage_->explainer->request_stop();
  if (storage_->models) storage_->models->request_stop();
  if (storage_->tester) storage_->tester->request_stop();
}

void Watcher::look_now() {
  storage_->heard(false);
}

bool Watcher::alive() const {
  const DatabaseSettings& s = storage_->settings;
  const milliseconds bound =
      s.limits.connect + s.limits.session + 2 * s.scratch.replay_limit + milliseconds(35000);
  return storage_->task->running() < bound && (!storage_->models || storage_->models->alive());
}

}  // namespace driftd

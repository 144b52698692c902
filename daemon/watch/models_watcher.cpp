#include "daemon/watch/models_watcher.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/state/memory.h"
#include "daemon/watch/history_cache.h"
#include "daemon/watch/models_look.h"
#include "daemon/watch/waivers_cache.h"
#include "expected_schema/base/file_stamp.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

/// The files are looked at so often; what they say is compared only when one has changed.
constexpr milliseconds shortest_turn{5000};
/// A command may read more than what is known of; a server may be there that was not.
constexpr std::chrono::minutes again_at_last{60};
constexpr std::chrono::minutes again_after_failure{1};
/// The first database's likeness comes within moments of the start, and makes the turn due.
constexpr std::chrono::minutes until_likeness{1};

}  // namespace

struct ModelsWatcher::Storage {
  Storage(DatabaseSettings s, Crew& crew, std::function<void(const Published&)> callback)
      : settings(std::move(s)),
        published(std::move(callback)),
        schemas(crew.schemas(settings.scratch)),
        history(crew.history(settings.history)),
        remembered(settings.state,
                   settings.name.empty() ? database_name(settings.endpoint) : settings.name,
                   Comparison::Models) {
    state.name = settings.name.empty() ? database_name(settings.endpoint) : settings.name;
    state.interval = std::max(settings.interval, shortest_turn);
    latest.publish(std::make_shared<const Published>(state));
  }

  Workers::Next turn(const std::stop_token& stop);
  void compare_if_due(const Target& target, const std::stop_token& stop);
  void compare(const History& history, const Target& target, const std::stop_token& stop);
  void failed(const Error& error);

  const DatabaseSettings settings;
  std::function<void(const Published&)> published;
  Latest<Published> latest;
  Latest<Target> wanted;

  // Of the turn alone:
  Published state;
  const std::shared_ptr<ExpectedSchemas> schemas;
  HistoryCache history;
  std::vector<std::shared_ptr<const ExpectedSchema>> held;  ///< of the newest comparison
  WaiversCache waivers;
  state::Memory remembered;
  std::map<std::string, Time> first_seen;  ///< of the newest findings, waived ones too
  std::optional<std::string> stamp;        ///< at the newest comparison
  std::optional<Target> compared_like;

  std::unique_ptr<Workers::Task> task;  // last: it ends before what it uses
};

void ModelsWatcher::Storage::failed(const Error& error) {
  Unknown unknown;
  unknown.stage = "models";
  unknown.reason = error.reason();
  unknown.message = error.message();
  unknown.hint = error.hint();
  unknown.place = error.place();
  unknown.looked = state.looked;
  unknown.since = state.unknown ? state.unknown->since : state.looked;
  ++state.failures[unknown.reason];
  remembered.record_unknown(unknown.message, state.looked);
  state.unknown = std::move(unknown);
}

void ModelsWatcher::Storage::compare(const History& all, const Target& target,
                                     const std::stop_token& stop) {
  ComparedModels compared = compare_models(settings, all, target, *schemas, stop);
  held = {compared.migrated, compared.modelled};
  Report report = std::move(compared.report);
  for (Finding& finding : report.findings) {
    const auto before = first_seen.find(finding.fingerprint);
    if (before != first_seen.end()) finding.first_seen = before->second;
  }
  first_seen.clear();
  for (const Finding& finding : report.findings) {
    first_seen.emplace(finding.fingerprint, finding.first_seen);
  }
  remembered.restore(report);
  waivers.apply(settings.waivers, report, report.looked);
  remembered.record(report, report.looked);
  state.unknown.reset();
  state.last_success = report.looked;
  state.last_good = std::make_shared<const Report>(std::move(report));
}

void ModelsWatcher::Storage::compare_if_due(const Target& target, const std::stop_token& stop) {
  try {
    const auto all = history.at(settings.history);
    const std::string now = stamp_of_models(settings.models, history.stamp()) +
                            (settings.waivers.empty() ? "" : stamp_of({settings.waivers}));
    const auto age = system_clock::now() - state.looked;
    const bool due = age > again_at_last || (state.unknown && age > again_after_failure);
    if (!due && stamp == now && compared_like == target) return;
    stamp = now;
    compared_like = target;
    state.looked = system_clock::now();
    compare(*all, target, stop);
  } catch (const Error& error) {
    if (stop.stop_requested()) return;
    // A history that cannot be read is tried again with each turn, and told once.
    if (state.unknown && state.unknown->message == error.message() &&
        system_clock::now() - state.looked < again_after_failure) {
      return;
    }
    state.looked = system_clock::now();
    failed(error);
  }
  if (stop.stop_requested()) return;
  ++state.looks;
  latest.publish(std::make_shared<const Published>(state));
  if (published) published(state);
}

Workers::Next ModelsWatcher::Storage::turn(const std::stop_token& stop) {
  const auto target = wanted.get();
  if (target) compare_if_due(*target, stop);
  return {target ? state.interval : until_likeness};
}

ModelsWatcher::ModelsWatcher(DatabaseSettings settings, Crew& crew,
                             std::function<void(const Published&)> published)
    : storage_(std::make_unique<Storage>(std::move(settings), crew, std::move(published))) {
  storage_->task = crew.models.add(
      {}, [s = storage_.get()](const Workers::Turn& turn) { return s->turn(turn.stop); });
}

ModelsWatcher::~ModelsWatcher() = default;

void ModelsWatcher::be_like(const Target& target) {
  const auto before = storage_->wanted.get();
  if (before && *before == target) return;
  storage_->wanted.publish(std::make_shared<const Target>(target));
  if (!before) storage_->task->soon();
}

std::shared_ptr<const Published> ModelsWatcher::latest() const {
  return storage_->latest.get();
}

void ModelsWatcher::request_stop() {
  storage_->task->request_stop();
}

bool ModelsWatcher::alive() const {
  const DatabaseSettings& s = storage_->settings;
  const milliseconds bound = s.models.command.limit + 4 * s.scratch.replay_limit +
                             storage_->state.interval + milliseconds(30000);
  return storage_->task->running() < bound;
}

}  // namespace driftd

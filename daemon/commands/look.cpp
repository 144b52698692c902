#include "daemon/commands/look.h"

#include <condition_variable>
#include <mutex>

#include "daemon/watch/causes.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

/// Returns early when a stop is requested.
void pause(milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any wake;
  wake.wait_for(lock, stop, time, [] { return false; });
}

Unknown gave_up(Reason reason, const std::string& message, Time since) {
  Unknown unknown;
  unknown.stage = "read";
  unknown.reason = reason;
  unknown.message = message;
  unknown.hint = "Try again when the change of the schema has ended.";
  unknown.since = since;
  unknown.looked = system_clock::now();
  return unknown;
}

}  // namespace

Published look(const DatabaseSettings& given, ExpectedSchemas& expected, LookMemory& memory,
               const std::stop_token& stop) {
  DatabaseSettings settings = given;
  settings.listen_to_ddl_log = false;
  settings.policy.waits = false;  // whoever asks once wants to know what is there now
  constexpr seconds put_off_at_most{10};
  const Time began = system_clock::now();
  Published state;
  state.name = settings.name.empty() ? database_name(settings.endpoint) : settings.name;
  state.interval = settings.interval;
  // Findings that come and go never agree: a few looks more than the policy asks for must do.
  const int most_looks = settings.policy.confirm_looks + 10;
  int reports = 0;
  while (true) {
    LookTimes times;
    state.looked = system_clock::now();
    Outcome outcome = scan(settings, expected, memory, times, state.looked, stop);
    if (stop.stop_requested()) throw Error(Reason::Timeout, "interrupted");
    ++state.looks;
    state.stage_seconds = times.stage_seconds;
    if (times.full_read) ++state.full_reads;
    if (auto* unknown = std::get_if<Unknown>(&outcome)) {
      ++state.failures[unknown->reason];
      state.unknown = std::move(*unknown);
      if (memory.half_run.database) {
        state.unknown->cause = name_half_run(*memory.half_run.database, settings, expected, stop);
      }
      return state;
    }
    if (const auto* skipped = std::get_if<Skipped>(&outcome)) {
      ++state.skipped[skipped->reason];
      if (system_clock::now() - began > put_off_at_most) {
        state.unknown = gave_up(skipped->reason, skipped->message, began);
        return state;
      }
      pause(milliseconds(500), stop);
      continue;
    }
    Report looked = std::get<Report>(std::move(outcome));
    if (memory.changed_by.ask(looked, memory.session, settings, stop)) {
      memory.last_good = std::make_shared<const Report>(looked);
    }
    memory.waivers.apply(settings.waivers, looked, state.looked);
    auto report = std::make_shared<const Report>(std::move(looked));
    state.last_good = report;
    state.deployment = report->deployment;
    state.last_success = state.looked;
    if (report->confirmed() == report->findings.size()) break;
    if (++reports == most_looks) {
      state.unknown =
          gave_up(Reason::CatalogueChanged, "the schema looked different at each look", began);
      return state;
    }
    pause(settings.confirm_after, stop);
  }
  if (auto traced = trace(*memory.last_good, settings, expected, memory, stop)) {
    memory.last_good = std::make_shared<const Report>(*traced);
    memory.waivers.apply(settings.waivers, *traced, state.looked);
    state.last_good = std::make_shared<const Report>(*std::move(traced));
  }
  if (auto named = name_causes(*memory.last_good, settings, expected, memory, state.looked, stop)) {
    memory.last_good = std::make_shared<const Report>(*named);
    memory.waivers.apply(settings.waivers, *named, state.looked);
    state.last_good = std::make_shared<const Report>(*std::move(named));
  }
  if (stop.stop_requested()) throw Error(Reason::Timeout, "interrupted");
  return state;
}

}  // namespace driftd

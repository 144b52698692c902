#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/signals.h"
#include "daemon/log/log.h"
#include "daemon/publish/publish.h"
#include "daemon/watch/scan.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

/// Beside the looks: turns SIGINT and SIGTERM into a stop, and shows a person that it still works.
class Companion {
 public:
  Companion() : thread_([this](const std::stop_token& done) { run(done); }) {}

  std::stop_token stop() const { return stop_.get_token(); }

 private:
  void run(const std::stop_token& done) {
    const auto began = steady_clock::now();
    auto stopped = steady_clock::time_point::max();
    const bool person = ::isatty(STDERR_FILENO) == 1;
    bool shown = false;
    while (!done.stop_requested()) {
      if (signals_.wait(milliseconds(100)) != 0 && !stop_.stop_requested()) {
        stopped = steady_clock::now();
        stop_.request_stop();
      }
      const auto now = steady_clock::now();
      // Whatever still blocks then is left behind; a scratch server ends with its owner.
      if (stopped != steady_clock::time_point::max() && now - stopped > seconds(4)) ::_exit(1);
      if (person && now - began > seconds(1)) {
        shown = true;
        fmt::print(stderr, "\rlooking ... {} s",
                   std::chrono::duration_cast<seconds>(now - began).count());
      }
    }
    if (shown) fmt::print(stderr, "\r\033[K");
  }

  BlockedSignals signals_{SIGINT, SIGTERM};
  std::stop_source stop_;
  std::jthread thread_;  // last: it begins when all it uses is there, and ends first
};

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

/// Looks until there is nothing to find, or every finding is confirmed, or nobody can tell.
Published look(const DatabaseSettings& settings, const std::stop_token& stop) {
  constexpr seconds put_off_at_most{10};
  const Time began = system_clock::now();
  Published state;
  state.name = settings.name.empty() ? database_name(settings.endpoint) : settings.name;
  state.interval = settings.interval;
  ExpectedSchemas expected(settings.scratch);
  LookMemory memory;
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
    auto report = std::make_shared<const Report>(std::get<Report>(std::move(outcome)));
    state.last_good = report;
    state.last_success = state.looked;
    if (report->confirmed() == report->findings.size()) break;
    if (++reports == most_looks) {
      state.unknown =
          gave_up(Reason::CatalogueChanged, "the schema looked different at each look", began);
      return state;
    }
    pause(settings.confirm_after, stop);
  }
  if (auto traced = trace(*state.last_good, settings, expected, memory, stop)) {
    state.last_good = std::make_shared<const Report>(*std::move(traced));
  }
  if (stop.stop_requested()) throw Error(Reason::Timeout, "interrupted");
  return state;
}

/// Drift that is certain outweighs another database that could not be looked at.
int exit_code(const AllPublished& all, Impact fail_on) {
  bool unknown = false;
  for (const auto& published : all) {
    if (published->status() == Status::Unknown) {
      unknown = true;
    } else if (published->last_good) {
      const auto& findings = published->last_good->findings;
      if (std::any_of(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.impact >= fail_on; })) {
        return 2;
      }
    }
  }
  return unknown ? 1 : 0;
}

bool wants_colour(const CommandLine& command_line) {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return std::string_view(value == nullptr ? "" : value);
  };
  return !command_line.no_color && variable("NO_COLOR").empty() && variable("TERM") != "dumb" &&
         ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace

int check(const CommandLine& command_line) {
  const Settings settings = effective_settings(command_line.overrides);
  log::configure(log::parse_level(settings.log.level), log::parse_format(settings.log.format));
  AllPublished all;
  {
    const Companion companion;
    for (const DatabaseSettings& database : settings.databases) {
      all.push_back(std::make_shared<const Published>(look(database, companion.stop())));
    }
  }
  if (command_line.json) {
    fmt::print("{}", all.size() == 1 ? json_text(*all.front()) : json_text(all));
  } else {
    const TerminalStyle style{.colour = wants_colour(command_line)};
    for (const auto& published : all) fmt::print("{}", terminal_text(*published, style));
  }
  return exit_code(all, command_line.fail_on);
}

}  // namespace driftd

#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/watch/scan.h"
#include "expected_schema/postgres/server_state.h"

/// What a look at one schema and a look at many have in common.
namespace driftd {

/// Whoever waits for a replay is told of its end; should that go amiss, it asks by itself.
inline constexpr std::chrono::seconds replay_waits_at_most{30};

/// Where a look is, and how long each stage took.
class Stage {
 public:
  explicit Stage(std::map<std::string, double>& seconds) : seconds_(seconds) {}
  ~Stage() { end(); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  void operator=(std::string name) {
    end();
    name_ = std::move(name);
  }
  const std::string& name() const { return name_; }

 private:
  void end();

  std::map<std::string, double>& seconds_;
  std::string name_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// How the migrations stand; remembers what their files said when they were first seen applied.
HistoryStatus status_of(const AppliedHistory& applied, LookMemory& memory, bool whole = true);

/// Whether a moment lies less than `lasts` back. A clock that was set back is no reason to wait.
bool recent(Time moment, Time now, std::chrono::milliseconds lasts);

/// Nothing has changed since the last good look.
Report still_good(LookMemory& memory, const ServerState& state, const Policy& policy,
                  std::vector<std::string> signs, Time now);

std::vector<std::string> signs_of_work(Snapshot& snapshot, const DatabaseSettings& settings);

/// Who deploys matters only to findings that could still wait for it.
bool may_wait(const Report& report);

/// What nobody expected.
Error internal_error(const std::exception& error);

Unknown unknown_of(const std::string& stage, const Error& error, Time now);

}  // namespace driftd

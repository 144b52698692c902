#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/http/build_info.h"
#include "daemon/judge/report.h"

namespace driftd::http {

/// How many requests were answered, by route and status code. For several threads.
class RequestCounts {
 public:
  void count(const std::string& handler, int code);
  std::map<std::pair<std::string, int>, std::uint64_t> get() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> counts_;
};

/// The settings' last reload.
struct ReloadState {
  bool successful = true;
  Time last_success{};
};

/// The threads of one lane: how many there may be, how many have something to do, and how many
/// tasks are due and wait for one.
struct WorkersLoad {
  std::string lane;
  std::size_t most = 0;
  std::size_t busy = 0;
  std::size_t due = 0;
};

/// The metrics that are about driftd itself, in the text format 0.0.4: `process_*` out of /proc,
/// build, requests, reloads, workers. What /proc does not tell is left out.
std::string own_metrics(const BuildInfo& build, const RequestCounts& requests,
                        const ReloadState& reload, const std::vector<WorkersLoad>& workers);

}  // namespace driftd::http

#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/daemon.h"
#include "daemon/commands/notify.h"
#include "daemon/commands/signals.h"
#include "daemon/http/build_info.h"
#include "daemon/http/server.h"
#include "daemon/log/log.h"
#include "expected_schema/base/text.h"
#include "expected_schema/scratch/server.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What driftds that were killed have left, wherever these settings would put it.
void clean_up(const Settings& settings) {
  std::set<std::string> seen;
  for (const DatabaseSettings& database : settings.databases) {
    if (!seen.insert(database.scratch.directory).second) continue;
    try {
      const int removed = remove_leftovers(database.scratch);
      if (removed > 0) {
        log::info("removed scratch servers that a driftd before left behind",
                  {{"count", std::to_string(removed)}});
      }
    } catch (const Error& e) {
      log::warn("cannot remove what a driftd before left behind", {{"error", e.what()}});
    }
  }
}

/// Leaves by force when stopping takes too long. A scratch server that is left then ends by
/// itself: its keeper sees that the owner is gone.
class Deadline {
 public:
  explicit Deadline(seconds time)
      : thread_([time](const std::stop_token& in_time) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any wake;
          wake.wait_for(lock, in_time, time, [] { return false; });
          if (in_time.stop_requested()) return;
          log::warn("something still blocks; leaving without it");
          ::_exit(0);
        }) {}

 private:
  std::jthread thread_;
};

/// Until SIGTERM or SIGINT; returns its name.
std::string wait_for_the_end(const BlockedSignals& signals, Daemon& daemon) {
  const milliseconds watchdog = watchdog_interval();
  const milliseconds turn = watchdog.count() > 0 ? watchdog : milliseconds(60000);
  while (true) {
    const int number = signals.wait(turn);
    if (number == SIGTERM || number == SIGINT) return number == SIGTERM ? "SIGTERM" : "SIGINT";
    if (number == SIGHUP) {
      notify("RELOADING=1");
      daemon.reload();
      notify("READY=1");
    }
    if (watchdog.count() > 0 && daemon.alive()) notify("WATCHDOG=1");
  }
}

}  // namespace

int serve(const CommandLine& command_line) {
  const BlockedSignals signals{SIGTERM, SIGINT, SIGHUP};
  const Settings settings = effective_settings(command_line.overrides);
  log::configure(log::parse_level(settings.log.level), log::parse_format(settings.log.format));
  clean_up(settings);
  Daemon daemon(command_line.overrides, settings);
  daemon.start();  // first: who can be scraped names every database
  auto server = std::make_unique<http::Server>(settings.web.listen, daemon.world());
  std::vector<std::string> ports;
  for (const unsigned short port : server->ports()) ports.push_back(std::to_string(port));
  log::info("started", {{"version", build_info().version},
                        {"revision", build_info().revision},
                        {"databases", std::to_string(settings.databases.size())},
                        {"listen", join(settings.web.listen, ",")},
                        {"ports", join(ports, ",")}});
  notify("READY=1");

  const std::string signal = wait_for_the_end(signals, daemon);
  const Deadline deadline{seconds(4)};
  notify("STOPPING=1");
  log::info("stopping", {{"signal", signal}});
  daemon.stop();
  server.reset();
  log::info("stopped");
  return 0;
}

}  // namespace driftd

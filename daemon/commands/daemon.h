#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/commands/command_line.h"
#include "daemon/http/own_metrics.h"
#include "daemon/http/routes.h"
#include "daemon/watch/watcher.h"

namespace driftd {

/// The databases that are watched, and what the HTTP routes may ask about them. For several
/// threads: a reload by HTTP and one by a signal may meet.
class Daemon {
 public:
  Daemon(Overrides overrides, Settings settings);

  /// Begins to watch what the settings name.
  void start();
  /// Reads the settings anew, all or nothing. A database whose settings are what they were is
  /// watched on without a break. Returns the error's text, empty when it worked. Does nothing
  /// after stop().
  std::string reload();
  /// Ends all looks at once and waits for them.
  void stop();

  bool alive() const;
  http::World world();

 private:
  /// By all that is in a database's settings.
  using Watchers = std::map<std::string, std::shared_ptr<Watcher>>;
  /// In the order of the settings; watchers of equal settings are taken over.
  void watch(const Settings& settings);
  AllPublished published() const;
  std::vector<http::WorkersLoad> loads() const;
  /// Ends watchers on a thread of its own: that can take as long as a look.
  void retire(std::vector<std::shared_ptr<Watcher>> watchers);

  struct Retired {
    std::shared_ptr<std::atomic<bool>> done;
    std::jthread thread;
  };

  const Overrides overrides_;
  Settings settings_;  // of the newest load; guarded by reloading_
  Crew crew_;          // outlives the watchers
  std::mutex reloading_;
  bool stopped_ = false;           // guarded by reloading_
  std::vector<Retired> retiring_;  // guarded by reloading_

  mutable std::mutex mutex_;
  Watchers watchers_;
  std::vector<std::shared_ptr<Watcher>> order_;
  http::ReloadState reload_state_;
  bool ready_ = false;

  http::RequestCounts requests_;
};

}  // namespace driftd

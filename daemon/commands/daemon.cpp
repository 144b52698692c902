#include "daemon/commands/daemon.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/commands/transitions.h"
#include "daemon/log/log.h"

namespace driftd {
namespace {

/// Equal for equal settings. The printed form hides connections' passwords, so they stand beside.
std::string key_of(const DatabaseSettings& database) {
  Settings one;
  one.databases = {database};
  return print_settings(one) + "\n" + database.endpoint.conninfo + "\n" + database.scratch.conninfo;
}

void log_event(const Event& event) {
  std::vector<log::Field> fields(event.fields.begin(), event.fields.end());
  log::write(event.level, event.message, fields);
}

std::shared_ptr<Watcher> new_watcher(const DatabaseSettings& database, Crew& crew) {
  const auto log_changes = [](Comparison comparison) {
    return [transitions = std::make_shared<Transitions>(comparison)](const Published& published) {
      for (const Event& event : transitions->next(published)) log_event(event);
    };
  };
  return std::make_shared<Watcher>(database, crew, log_changes(Comparison::Database),
                                   log_changes(Comparison::Models));
}

std::string text_of(const Error& error) {
  return error.hint().empty() ? std::string(error.what())
                              : fmt::format("{}\n{}", error.what(), error.hint());
}

}  // namespace

Daemon::Daemon(Overrides overrides, Settings settings)
    : overrides_(std::move(overrides)),
      settings_(std::move(settings)),
      crew_(settings_.workers, settings_.kept_connections) {}

void Daemon::start() {
  const std::lock_guard reloading(reloading_);
  watch(settings_);
  const std::lock_guard lock(mutex_);
  reload_state_ = {.successful = true, .last_success = std::chrono::system_clock::now()};
  ready_ = true;
}

void Daemon::retire(std::vector<std::shared_ptr<Watcher>> watchers) {
  if (watchers.empty()) return;
  // All are told before the first is waited for.
  for (const auto& watcher : watchers) watcher->request_stop();
  auto done = std::make_shared<std::atomic<bool>>(false);
  std::jthread thread([done, last = std::move(watchers)]() mutable {
    last.clear();
    *done = true;
  });
  retiring_.push_back({std::move(done), std::move(thread)});
}

void Daemon::watch(const Settings& settings) {
  std::erase_if(retiring_, [](const Retired& retired) { return retired.done->load(); });
  Watchers old;
  {
    const std::lock_guard lock(mutex_);
    old = watchers_;
  }
  Watchers fresh;
  std::vector<std::shared_ptr<Watcher>> order;
  for (const DatabaseSettings& database : settings.databases) {
    const std::string key = key_of(database);
    const auto known = old.find(key);
    auto watcher = known != old.end() ? known->second : new_watcher(database, crew_);
    old.erase(key);
    fresh[key] = watcher;
    order.push_back(std::move(watcher));
  }
  {
    const std::lock_guard lock(mutex_);
    watchers_ = std::move(fresh);
    order_ = std::move(order);
  }
  std::vector<std::shared_ptr<Watcher>> last;
  for (auto& [key, watcher] : old) last.push_back(std::move(watcher));
  retire(std::move(last));
}

std::string Daemon::reload() {
  const std::lock_guard reloading(reloading_);
  if (stopped_) return "driftd is stopping";
  std::string failed;
  try {
    Settings settings = effective_settings(overrides_);
    if (settings.web.listen != settings_.web.listen ||
        settings.web.enable_lifecycle != settings_.web.enable_lifecycle ||
        settings.workers != settings_.workers ||
        settings.kept_connections != settings_.kept_connections) {
      log::warn(
          "web.listen, web.enable_lifecycle, workers and kept_connections take effect at the next "
          "start only");
    }
    log::configure(log::parse_level(settings.log.level), log::parse_format(settings.log.format));
    watch(settings);
    settings_ = std::move(settings);
    log::info("the settings were reloaded",
              {{"databases", std::to_string(settings_.databases.size())}});
  } catch (const Error& e) {
    failed = text_of(e);
  } catch (const std::exception& e) {
    failed = e.what();
  }
  if (!failed.empty()) {
    log::error("the settings were not reloaded; those before stand", {{"error", failed}});
  }
  const std::lock_guard lock(mutex_);
  reload_state_.successful = failed.empty();
  if (failed.empty()) reload_state_.last_success = std::chrono::system_clock::now();
  return failed;
}

void Daemon::stop() {
  const std::lock_guard reloading(reloading_);
  stopped_ = true;
  std::vector<std::shared_ptr<Watcher>> last;
  {
    const std::lock_guard lock(mutex_);
    ready_ = false;
    last = std::move(order_);
    order_.clear();
    watchers_.clear();
  }
  retire(std::move(last));
  retiring_.clear();
}

bool Daemon::alive() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(order_.begin(), order_.end(),
                     [](const auto& watcher) { return watcher->alive(); });
}

AllPublished Daemon::published() const {
  const std::lock_guard lock(mutex_);
  AllPublished all;
  for (const auto& watcher : order_) all.push_back(watcher->latest());
  return all;
}

std::vector<http::WorkersLoad> Daemon::loads() const {
  std::vector<http::WorkersLoad> loads;
  for (const auto& [lane, workers] :
       {std::pair("looks", &crew_.looks), std::pair("models", &crew_.models),
        std::pair("background", &crew_.background)}) {
    const Workers::Load load = workers->load();
    loads.push_back({lane, load.most, load.busy, load.due});
  }
  return loads;
}

http::World Daemon::world() {
  http::World world;
  world.published = [this] { return published(); };
  world.alive = [this] { return alive(); };
  world.ready = [this] {
    const std::lock_guard lock(mutex_);
    return ready_;
  };
  world.now = [] { return std::chrono::system_clock::now(); };
  world.own_metrics = [this] {
    http::ReloadState reload;
    {
      const std::lock_guard lock(mutex_);
      reload = reload_state_;
    }
    return http::own_metrics(build_info(), requests_, reload, loads());
  };
  world.answered = [this](const http::Response& response) {
    requests_.count(response.handler, response.status);
  };
  if (settings_.web.enable_lifecycle) world.reload = [this] { return reload(); };
  return world;
}

}  // namespace driftd

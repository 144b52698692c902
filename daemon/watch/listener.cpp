#include "daemon/watch/listener.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "expected_schema/base/error.h"
#include "expected_schema/postgres/notifications.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* channel = "driftd_ddl";

/// A migration commits one change after the other: when none has come for so long, it is over.
constexpr milliseconds quiet{50};
/// But nobody waits longer for that.
constexpr milliseconds patience{1000};

constexpr milliseconds first_pause{1000};
constexpr milliseconds longest_pause{30000};

}  // namespace

struct Listener::Storage {
  Storage(Endpoint e, const Limits& l, std::function<void(bool)> callback)
      : endpoint(std::move(e)), limits(l), heard(std::move(callback)) {}

  void run(const std::stop_token& stop);
  void listen(const std::stop_token& stop);
  bool settled(Notifications& notifications, const std::stop_token& stop);
  void set_problem(std::string what) {
    const std::lock_guard lock(mutex);
    problem = std::move(what);
  }

  const Endpoint endpoint;
  const Limits limits;
  const std::function<void(bool)> heard;
  bool listened = false;  // of the thread alone: at any time before
  milliseconds pause = first_pause;

  mutable std::mutex mutex;
  std::string problem = "not connected yet";  // guarded by mutex

  std::jthread thread;  // last: it ends before what it uses
};

/// Whether the burst that has begun ends within the time that anybody waits for it.
bool Listener::Storage::settled(Notifications& notifications, const std::stop_token& stop) {
  const auto until = steady_clock::now() + patience;
  while (steady_clock::now() < until && !stop.stop_requested()) {
    if (notifications.wait(quiet)) continue;
    if (!notifications.busy()) return true;
  }
  return false;
}

void Listener::Storage::listen(const std::stop_token& stop) {
  Notifications notifications(endpoint, channel, limits.connect, stop);
  set_problem({});
  pause = first_pause;
  if (listened) heard(false);  // what came meanwhile, nobody heard
  listened = true;
  while (!stop.stop_requested()) {
    if (!notifications.wait(seconds(3600))) continue;
    const bool at_rest = settled(notifications, stop);
    notifications.forget();
    if (!stop.stop_requested()) heard(at_rest);
  }
}

void Listener::Storage::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      listen(stop);
    } catch (const std::exception& error) {
      set_problem(error.what());
    }
    std::mutex unused;
    std::unique_lock lock(unused);
    std::condition_variable_any().wait_for(lock, stop, pause, [] { return false; });
    pause = std::min(2 * pause, longest_pause);
  }
}

Listener::Listener(Endpoint endpoint, const Limits& limits, std::function<void(bool)> heard)
    : storage_(std::make_unique<Storage>(std::move(endpoint), limits, std::move(heard))) {
  storage_->thread = std::jthread([s = storage_.get()](std::stop_token stop) { s->run(stop); });
}

Listener::~Listener() = default;

void Listener::request_stop() {
  storage_->thread.request_stop();
}

std::string Listener::problem() const {
  const std::lock_guard lock(storage_->mutex);
  return storage_->problem;
}

}  // namespace driftd

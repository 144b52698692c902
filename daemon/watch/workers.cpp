#include "daemon/watch/workers.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace driftd {

using std::chrono::milliseconds;

struct Workers::Entry {
  std::string group;
  Work work;
  std::stop_source stop;

  // Guarded by the workers' mutex:
  Clock::time_point due;
  std::uint64_t number = 0;  ///< of those that are due at one moment the older one is first
  std::optional<Clock::time_point> began;  ///< while a turn runs
  bool slow = false;
  int long_turns = 0;  ///< in a row
  bool again = false;  ///< soon() was called while a turn ran
  bool ended = false;
};

struct Workers::Storage : std::enable_shared_from_this<Storage> {
  struct Earlier {
    bool operator()(const std::shared_ptr<Entry>& a, const std::shared_ptr<Entry>& b) const {
      return std::pair(a->due, a->number) < std::pair(b->due, b->number);
    }
  };
  using Queue = std::set<std::shared_ptr<Entry>, Earlier>;

  explicit Storage(int count) : most(static_cast<std::size_t>(std::max(count, 1))) {}

  void work();
  void soon(const std::shared_ptr<Entry>& entry);
  void enqueue(const std::shared_ptr<Entry>& entry, Clock::time_point due);
  bool slow(const Entry& entry) const { return entry.slow || silent.contains(entry.group); }
  bool may_be_slow(Clock::time_point now) const;
  /// The first that is due and may run; nothing, and when to ask again.
  Queue::iterator next(Clock::time_point now, Clock::time_point& again);
  void take_turn(const std::shared_ptr<Entry>& entry, std::unique_lock<std::mutex>& lock);
  void note_pace(Entry& entry, const Next& next, Clock::time_point now);

  const std::size_t most;
  mutable std::mutex mutex;
  std::condition_variable wake;   // something may have become due
  std::condition_variable ended;  // a turn has ended
  Queue queue;
  std::set<std::shared_ptr<Entry>> running;
  std::set<std::string> silent;    // groups that did not answer
  Clock::time_point slow_again{};  // of a single thread: no slow turn before
  std::uint64_t numbers = 0;
  std::size_t tasks = 0;
  bool over = false;
  std::vector<std::thread> threads;
};

bool Workers::Storage::may_be_slow(Clock::time_point now) const {
  if (most == 1) return now >= slow_again;
  const auto held_up = std::ranges::count_if(
      running, [&](const auto& entry) { return slow(*entry) || now - *entry->began > slow_turn; });
  return static_cast<std::size_t>(held_up) < most / 2;
}

Workers::Storage::Queue::iterator Workers::Storage::next(Clock::time_point now,
                                                         Clock::time_point& again) {
  const bool slow_ones = may_be_slow(now);
  again = Clock::time_point::max();
  for (auto at = queue.begin(); at != queue.end(); ++at) {
    if ((*at)->due > now) {
      again = std::min(again, (*at)->due);
      break;
    }
    if (slow_ones || !slow(**at)) return at;
    if (most == 1) again = std::min(again, slow_again);  // else when a turn ends
  }
  return queue.end();
}

void Workers::Storage::enqueue(const std::shared_ptr<Entry>& entry, Clock::time_point due) {
  entry->due = due;
  entry->number = ++numbers;
  // One of the idle threads sleeps no longer than until the first is due; others may.
  queue.insert(entry);
  if (*queue.begin() == entry) wake.notify_one();
}

void Workers::Storage::note_pace(Entry& entry, const Next& next, Clock::time_point now) {
  const auto took = now - *entry.began;
  const bool was_long = took > slow_turn;
  if (most == 1 && (was_long || slow(entry))) slow_again = now + took;
  entry.long_turns = was_long ? entry.long_turns + 1 : 0;
  // One long turn is a catalogue that was read in full; the next finds it unchanged.
  entry.slow = entry.long_turns >= 2 || (was_long && next.unanswered);
  if (entry.group.empty()) return;
  if (was_long && next.unanswered) {
    silent.insert(entry.group);
  } else if (!next.unanswered) {
    silent.erase(entry.group);
  }
}

void Workers::Storage::take_turn(const std::shared_ptr<Entry>& entry,
                                 std::unique_lock<std::mutex>& lock) {
  const auto began = Clock::now();
  entry->began = began;
  running.insert(entry);
  if (!queue.empty()) wake.notify_one();
  Turn turn;
  turn.stop = entry->stop.get_token();
  turn.late = began - entry->due;
  turn.may_take_long = [this, e = entry.get()] {
    const std::lock_guard inner(mutex);
    if (!slow(*e) && !may_be_slow(Clock::now())) return false;
    e->slow = true;
    return true;
  };
  turn.soon = [all = shared_from_this(), entry] { all->soon(entry); };
  lock.unlock();
  const Next next = entry->work(turn);
  lock.lock();
  const auto now = Clock::now();
  note_pace(*entry, next, now);
  running.erase(entry);
  entry->began.reset();
  if (!entry->ended) enqueue(entry, std::exchange(entry->again, false) ? now : now + next.after);
  ended.notify_all();
}

void Workers::Storage::soon(const std::shared_ptr<Entry>& entry) {
  const std::lock_guard lock(mutex);
  if (entry->ended) return;
  if (entry->began) {
    entry->again = true;
    return;
  }
  const auto now = Clock::now();
  if (entry->due <= now) return;
  queue.erase(entry);
  enqueue(entry, now);
}

void Workers::Storage::work() {
  std::unique_lock lock(mutex);
  while (!over) {
    Clock::time_point again{};
    const auto found = next(Clock::now(), again);
    if (found != queue.end()) {
      const std::shared_ptr<Entry> entry = *found;
      queue.erase(found);
      take_turn(entry, lock);
    } else if (again == Clock::time_point::max()) {
      wake.wait(lock);
    } else {
      wake.wait_until(lock, again);
    }
  }
}

Workers::Workers(int most) : storage_(std::make_shared<Storage>(most)) {}

Workers::~Workers() {
  {
    const std::lock_guard lock(storage_->mutex);
    storage_->over = true;
  }
  storage_->wake.notify_all();
  for (std::thread& thread : storage_->threads) thread.join();
}

std::unique_ptr<Workers::Task> Workers::add(std::string group, Work work, milliseconds after) {
  auto entry = std::make_shared<Entry>();
  entry->group = std::move(group);
  entry->work = std::move(work);
  auto task = std::make_unique<Task>(storage_, entry);
  const std::lock_guard lock(storage_->mutex);
  storage_->enqueue(entry, Clock::now() + after);
  if (storage_->threads.size() < std::min(storage_->most, ++storage_->tasks)) {
    storage_->threads.emplace_back([workers = storage_.get()] { workers->work(); });
  }
  return task;
}

Workers::Load Workers::load() const {
  const auto now = Clock::now();
  const std::lock_guard lock(storage_->mutex);
  const auto due =
      std::ranges::count_if(storage_->queue, [&](const auto& entry) { return entry->due <= now; });
  return {storage_->most, storage_->running.size(), static_cast<std::size_t>(due)};
}

Workers::Task::Task(std::shared_ptr<Storage> workers, std::shared_ptr<Entry> entry)
    : workers_(std::move(workers)), entry_(std::move(entry)) {}

Workers::Task::~Task() {
  request_stop();
  std::unique_lock lock(workers_->mutex);
  workers_->ended.wait(lock, [&] { return !entry_->began; });
  --workers_->tasks;
}

void Workers::Task::request_stop() {
  {
    const std::lock_guard lock(workers_->mutex);
    entry_->ended = true;
    workers_->queue.erase(entry_);
  }
  entry_->stop.request_stop();
}

void Workers::Task::soon() {
  workers_->soon(entry_);
}

Workers::Clock::duration Workers::Task::running() const {
  const std::lock_guard lock(workers_->mutex);
  return entry_->began ? Clock::now() - *entry_->began : Clock::duration::zero();
}

}  // namespace driftd

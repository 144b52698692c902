#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace driftd {

/// A bounded number of threads that do tasks again and again, each when it is due, the one that is
/// due longest first. A task has one thread at a time.
///
/// What takes long may not hold up the rest: a task whose newest two turns took longer than
/// `slow_turn`, or whose server did not answer at the last attempt, by it or by another task of its
/// group, is slow until a turn is quick again. Slow tasks, and turns that are taking long at this
/// moment, together get at most half of the threads; where there is one thread, half of its time.
class Workers {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::milliseconds slow_turn{1000};

  struct Turn {
    std::stop_token stop;
    Clock::duration late{};  ///< how long after it was due it began
    /// Asked before something that is known to take long. False: slow tasks have their half of the
    /// threads; come again later. Else this turn counts as one of them.
    std::function<bool()> may_take_long;
    /// Task::soon(), for anybody and at any time, even after the task has ended.
    std::function<void()> soon;
  };
  struct Next {
    std::chrono::milliseconds after{};  ///< when the task is due again
    bool unanswered = false;            ///< the server said nothing, as it may the next time
  };
  using Work = std::function<Next(const Turn&)>;

  /// At most so many threads, at least one; they are started as tasks come.
  explicit Workers(int most);
  /// Every task must have ended.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  class Task;
  /// Due at once, and so `after` later. `group`: tasks that wait for the same server; may be empty.
  /// `work` must not throw, and must return soon after a stop.
  std::unique_ptr<Task> add(std::string group, Work work, std::chrono::milliseconds after = {});

  struct Load {
    std::size_t most = 0;  ///< threads that there may be
    std::size_t busy = 0;  ///< threads with a task
    std::size_t due = 0;   ///< tasks that wait for a thread
  };
  Load load() const;

 private:
  struct Entry;
  struct Storage;
  std::shared_ptr<Storage> storage_;
};

/// Ends at its destruction: interrupts a turn that runs and waits for it.
class Workers::Task {
 public:
  Task(std::shared_ptr<Storage> workers, std::shared_ptr<Entry> entry);
  ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// Interrupts a turn that runs, and none begins any more. Returns at once.
  void request_stop();
  /// Due now, or, while a turn runs, as soon as that ends.
  void soon();
  /// How long the turn that runs has been running; zero between turns.
  Clock::duration running() const;

 private:
  std::shared_ptr<Storage> workers_;
  std::shared_ptr<Entry> entry_;
};

}  // namespace driftd

#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

namespace driftd {

/// Whose turn it is with something that one at a time may use. Whoever has the turn has it again
/// when asking again on the same thread.
class Turns {
 public:
  /// Ends with its life, on the thread that got it.
  class Turn {
   public:
    explicit Turn(Turns& turns) : turns_(&turns) {}
    ~Turn() {
      if (turns_ != nullptr) turns_->end();
    }
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;

   private:
    Turns* turns_;
  };

  /// One who would rather be told than wait.
  struct Waiting {
    const void* who = nullptr;   ///< one entry each; null: is not told
    std::string what;            ///< those who want the same are told together
    std::function<void()> tell;  ///< once, when it is worth to ask again; must not ask there
  };

  /// Waits. Throws Error{Timeout} when stopped.
  Turn wait(const std::stop_token& stop);
  /// At once, or nothing; then `waiting` is told when the turn that runs ends: all that want what
  /// it was for, and the first of the others; all, where that was not said.
  std::optional<Turn> at_once(Waiting waiting);
  /// `who` is told nothing any more.
  void forget(const void* who);

 private:
  void end();

  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::thread::id owner_;  // whose turn it is; none: nobody's
  int depth_ = 0;          // how often the owner asked
  std::string what_;       // what the turn is for, where that was said
  std::list<Waiting> waiting_;
};

}  // namespace driftd

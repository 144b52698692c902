#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

/// A generator's body, which stops at each `yield` and goes on when the next item is asked for. It
/// has a thread of its own for its stack; only one of the two threads ever runs.
class Coroutine {
 public:
  /// `body` evaluates the whole function and gives what it returns.
  Coroutine(Interpreter& interpreter, std::function<Value()> body);
  ~Coroutine();
  Coroutine(const Coroutine&) = delete;
  Coroutine& operator=(const Coroutine&) = delete;

  /// The next item, or nothing at the end. `thrown` is raised where the body stopped. Throws what
  /// the body throws.
  std::optional<Value> resume(const Place& place, std::optional<Raised> thrown = {});
  /// Called by the body: hands out an item, and returns when the next one is asked for.
  void yield(Value item, const Place& place);
  /// Ends the body where it stopped. Where Python would run a `finally` or leave a `with` then, the
  /// interpreter refuses to go on.
  void abandon();

  bool begun() const { return thread_.joinable(); }
  bool done() const { return done_; }
  const Value& result() const { return result_; }  ///< of the body, when it is done

 private:
  struct Abandoned {};
  enum class Turn { Outside, Inside };

  void start();
  void hand_over(Turn turn);
  void wait_for(Turn turn);

  Interpreter& interpreter_;
  std::function<Value()> body_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Turn turn_ = Turn::Outside;
  bool done_ = false;
  bool abandoned_ = false;
  std::optional<Value> item_;
  std::optional<Raised> thrown_;
  std::exception_ptr error_;
  Value result_;
  // What of the interpreter belongs to the body, while it stands still.
  Interpreter::Frame* frame_ = nullptr;
  std::size_t depth_ = 0;
  std::size_t guards_ = 0;
  std::size_t outer_regions_ = 0;
  std::size_t outer_tries_ = 0;
  std::vector<Interpreter::Trying*> tries_;
};

}  // namespace driftd::python

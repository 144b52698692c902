#include "expected_schema/expected/turns.h"

#include <algorithm>

#include "expected_schema/base/error.h"

namespace driftd {

Turns::Turn Turns::wait(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto self = std::this_thread::get_id();
  const auto free = [&] { return depth_ == 0 || owner_ == self; };
  if (!ended_.wait(lock, stop, free)) {
    throw Error(Reason::Timeout, "stopped while another replay ran");
  }
  owner_ = self;
  ++depth_;
  return Turn(*this);
}

std::optional<Turns::Turn> Turns::at_once(Waiting waiting) {
  const std::lock_guard lock(mutex_);
  const auto self = std::this_thread::get_id();
  std::erase_if(waiting_, [&](const Waiting& one) { return one.who == waiting.who; });
  if (depth_ > 0 && owner_ != self) {
    if (waiting.who != nullptr) waiting_.push_back(std::move(waiting));
    return std::nullopt;
  }
  if (depth_++ == 0) what_ = std::move(waiting.what);
  owner_ = self;
  return std::optional<Turn>(std::in_place, *this);
}

void Turns::forget(const void* who) {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [&](const Waiting& one) { return one.who == who; });
}

void Turns::end() {
  {
    const std::lock_guard lock(mutex_);
    if (--depth_ > 0) return;
    owner_ = {};
    const std::string was_for = std::exchange(what_, {});
    const auto other =
        std::ranges::find_if(waiting_, [&](const Waiting& one) { return one.what != was_for; });
    for (auto one = waiting_.begin(); one != waiting_.end();) {
      if (!was_for.empty() && one != other && one->what != was_for) {
        ++one;
        continue;
      }
      one->tell();  // with the lock: forget() then is the last that is heard
      one = waiting_.erase(one);
    }
  }
  ended_.notify_all();
}

}  // namespace driftd

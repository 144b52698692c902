#pragma once

#include <chrono>

namespace driftd {

/// When the next look is due, where a Listener may ask for one before the interval is over. Pure:
/// time comes in. Not for several threads at once.
class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::milliseconds;

  /// A look begins now. True when it was asked for: then no statistics, which lag behind, may say
  /// that nothing was changed.
  bool begin();
  /// The look has ended, and the next is due after `delay` unless somebody is heard. `worked`: how
  /// long it kept the watched server at work. `fresh`: it has findings that the next look is to
  /// confirm. Where a change was heard of, whoever made it is at rest and nobody has been heard
  /// since, that look comes sooner: what it waits for otherwise is that a migration goes on, and
  /// that would have been heard.
  void end(Time now, Duration worked, Duration delay, bool fresh);
  /// It could not be made now: it may be made at any time.
  void put_off();
  /// A change was heard of.
  void heard(Time now, bool at_rest);

  Time due() const { return due_; }

 private:
  Time due_{};
  Time rested_{};               ///< no look because somebody is heard before
  Time latest_confirmation_{};  ///< while a finding waits for it
  bool looking_ = false;
  bool confirming_ = false;
  bool asked_ = false;    ///< heard, and no look has begun since
  bool at_rest_ = false;  ///< of the newest that was heard
  bool led_ = false;      ///< the look was asked for
};

}  // namespace driftd

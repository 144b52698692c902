#include "daemon/watch/pace.h"

#include <algorithm>

namespace driftd {
namespace {

/// Enough for two transactions of one migration that follow each other at once.
constexpr Pace::Duration soon{250};

}  // namespace

bool Pace::begin() {
  looking_ = true;
  led_ = asked_;
  asked_ = false;
  return led_;
}

void Pace::end(Time now, Duration worked, Duration delay, bool fresh) {
  looking_ = false;
  confirming_ = fresh;
  rested_ = now + 2 * worked;
  due_ = latest_confirmation_ = now + delay;
  if (fresh) {
    if (led_ && at_rest_ && !asked_) due_ = std::min(due_, now + soon);
  } else if (asked_) {
    heard(now, at_rest_);
  }
}

void Pace::put_off() {
  looking_ = false;
  asked_ = asked_ || led_;
  due_ = {};
}

void Pace::heard(Time now, bool at_rest) {
  asked_ = true;
  at_rest_ = at_rest;
  if (looking_) return;  // its end sees to it
  if (confirming_) {
    due_ = latest_confirmation_;  // somebody goes on: not sooner than without a listener
    return;
  }
  // A big schema that is changed all the time is not read all the time.
  due_ = std::min(due_, std::max(now, rested_));
}

}  // namespace driftd

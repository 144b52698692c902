#pragma once

#include <algorithm>

#include "daemon/watch/workers.h"

namespace driftd {

/// The threads that all watchers of a process share: what one lane does holds up no other.
struct Crew {
  explicit Crew(int workers) : looks(workers), models(std::max(2, workers / 2)), background(1) {}

  Workers looks;
  Workers models;      ///< two at least: one command that hangs holds up no other
  Workers background;  ///< self-tests, and scratch servers that may rest
};

}  // namespace driftd

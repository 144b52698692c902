#pragma once

#include <functional>
#include <set>
#include <stop_token>

#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/expected/trace.h"
#include "expected_schema/history/history.h"

namespace driftd {

/// At which states on the way through a history to look.
struct Route {
  std::set<std::size_t> after;    ///< so many of its migrations; 0: before the first
  std::set<std::size_t> closely;  ///< the migrations, by index, after each statement of which
};

/// A state on the way. `statement`: the one just run, of migration `migrations`; null: between two.
struct Halt {
  std::size_t migrations = 0;  ///< run to their end
  const Statement* statement = nullptr;
};

/// `state`: what it looks like there; null after a statement that changes rows only.
using Visit = std::function<void(const Halt& halt, Expected* state)>;

/// Replays the history once. Throws what a replay throws, also after some visits.
void walk(const AppliedHistory& history, const Scope& scope, const Route& route, const Visit& visit,
          const std::stop_token& stop, const OnScratch& on_scratch);

}  // namespace driftd

#pragma once

#include <stop_token>

#include "expected_schema/expected/trace.h"
#include "expected_schema/history/stored_history.h"

namespace driftd {

/// Replays all migrations and reads what each of them leaves. Where branches make a revision more
/// than the one before it and itself, its ancestors are replayed on their own.
StoredHistory write_down(const History& history, const Target& target, const Scope& scope,
                         const std::stop_token& stop, const OnScratch& on_scratch);

}  // namespace driftd

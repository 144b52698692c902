#pragma once

#include <string>
#include <vector>

#include "expected_schema/replay/replay.h"

namespace driftd {

/// How the reading of one migration went.
struct Reading {
  std::string revision;
  std::vector<Error> errors;               ///< NotUnderstood and Replay; none: read
  std::vector<Undetermined> undetermined;  ///< what it leaves open, by the names it had then
  /// An earlier migration was not read whole: what this one refers to may be missing for that.
  bool after_gap = false;
};

/// Reads and replays every migration, whatever goes wrong on the way: what a migration does not
/// let know is left out, and the next one follows. The database is of no use for a comparison.
/// Throws what is no matter of a migration: Scratch, Timeout, Internal.
std::vector<Reading> survey(const AppliedHistory& history, ScratchDatabase& database,
                            const ReplayOptions& options = {});

}  // namespace driftd

#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "daemon/settings/settings.h"

namespace driftd {

/// What a command takes from the live database, which it may do without.
struct Live {
  Target target;
  bool asked = false;  ///< false: the target is a plain database of the newest server found
  std::vector<std::string> revisions;
};

/// A plain database of the newest server found. Throws Error{Scratch} without any server.
Target plain_target(const ScratchSettings& scratch);

/// Throws Error{Scratch} without a database and without any server; else what a session throws.
Live live_or_plain(const DatabaseSettings& settings, const History& history,
                   const std::stop_token& stop);

}  // namespace driftd

#pragma once

#include <stop_token>

#include "daemon/settings/settings.h"
#include "daemon/watch/published.h"
#include "daemon/watch/scan.h"

namespace driftd {

/// Looks until there is nothing to find, or every finding is confirmed, or nobody can tell; the
/// findings say which migrations set what. Throws Error{Timeout} when stopped.
Published look(const DatabaseSettings& settings, ExpectedSchemas& expected, LookMemory& memory,
               const std::stop_token& stop);

}  // namespace driftd

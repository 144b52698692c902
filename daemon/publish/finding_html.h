#pragma once

#include <string>

#include "daemon/judge/report.h"

namespace driftd {

/// A finding as an item of a list: what differs, what that does, and where it comes from.
std::string finding_html(const Finding& finding, Time now);

}  // namespace driftd

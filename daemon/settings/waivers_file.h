#pragma once

#include <string>
#include <vector>

#include "daemon/judge/report.h"

namespace driftd {

/// The waivers of a file: `waivers:`, a list of entries with `kind`, `object` (a glob), `drift`
/// (missing, unexpected, changed, renamed), `properties` (of changed: names, or "*"), `comparison`
/// (database, or models), `reason`, `by` and `until` (a day, which is the last one). Every mistake
/// is told; throws Error{Settings} with all of them, each on its own line as `file:line:column`.
std::vector<Waiver> read_waivers(const std::string& file);

/// The same for text, with `name` in the messages.
std::vector<Waiver> parse_waivers(const std::string& text, const std::string& name);

}  // namespace driftd

#pragma once

#include <map>
#include <string>

namespace driftd {

/// The options as a libpq conninfo, each value quoted.
std::string conninfo_text(const std::map<std::string, std::string>& options);

}  // namespace driftd

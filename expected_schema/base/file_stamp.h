#pragma once

#include <string>
#include <vector>

namespace driftd {

/// Identifies the state of files, and of all files below folders, by what stat says of each: it
/// changes whenever a content may have. Left out are names that begin with a dot, and the folders
/// in which tools keep what they made or fetched (__pycache__, node_modules, venv).
std::string stamp_of(const std::vector<std::string>& paths);

}  // namespace driftd

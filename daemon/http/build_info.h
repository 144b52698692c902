#pragma once

#include <string>

namespace driftd {

struct BuildInfo {
  std::string version;
  std::string revision;  ///< git's, `unknown` for a build from an archive
  std::string compiler;
};

BuildInfo build_info();

}  // namespace driftd

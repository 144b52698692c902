#include "daemon/http/build_info.h"

namespace driftd {

BuildInfo build_info() {
#if defined(__clang__)
  const std::string compiler = "clang " __clang_version__;
#else
  const std::string compiler = "gcc " __VERSION__;
#endif
  return {.version = DRIFTD_VERSION, .revision = DRIFTD_REVISION, .compiler = compiler};
}

}  // namespace driftd

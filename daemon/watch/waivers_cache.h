#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/judge/report.h"

namespace driftd {

/// The waivers of a file, read again only when it was touched. One that cannot be read any more
/// leaves those before in force.
class WaiversCache {
 public:
  /// Takes them to the report; a note says why the file was not read again. An empty `file`: there
  /// are none. Throws Error{Settings} where it was never read.
  void apply(const std::string& file, Report& report, Time now);

 private:
  std::vector<Waiver> waivers_;
  std::string stamp_;
  std::string problem_;
  bool read_ = false;
};

}  // namespace driftd

#include "daemon/watch/waivers_cache.h"

#include "daemon/judge/waivers.h"
#include "daemon/settings/waivers_file.h"
#include "expected_schema/base/file_stamp.h"

namespace driftd {

void WaiversCache::apply(const std::string& file, Report& report, Time now) {
  if (file.empty()) return;
  const std::string stamp = stamp_of({file});
  if (!read_ || stamp != stamp_) {
    stamp_ = stamp;
    try {
      waivers_ = read_waivers(file);
      problem_.clear();
      read_ = true;
    } catch (const Error& error) {
      if (!read_) throw;
      problem_ = error.what();
    }
  }
  if (!problem_.empty()) {
    report.notes.push_back("the waivers were not read again, and those before stand: " + problem_);
  }
  apply_waivers(report, waivers_, now);
}

}  // namespace driftd

#include "daemon/watch/quiet.h"

namespace driftd {
namespace {

using std::chrono::seconds;

/// A session that falls idle reports what it wrote within ten seconds (PGSTAT_IDLE_INTERVAL).
constexpr seconds reported_within{15};
/// A report can be lost, or switched off in its session; and a command of several transactions
/// reports when it ends.
constexpr seconds believed_for{10};

bool recent(Time moment, Time now, seconds lasts) {
  return moment <= now && now - moment < lasts;
}

}  // namespace

bool QuietCatalogue::still(const std::optional<std::string>& writes, Time now) {
  if (newest_ && writes != newest_) moved_ = now;
  newest_ = writes;
  return writes && writes == writes_ && !recent(moved_, now, reported_within) &&
         recent(looked_, now, believed_for);
}

void QuietCatalogue::looked(const std::optional<std::string>& writes, Time now) {
  writes_ = writes;
  looked_ = now;
}

}  // namespace driftd

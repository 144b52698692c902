#include "daemon/watch/schedule.h"

#include <fmt/format.h>

#include <algorithm>

namespace driftd {

std::chrono::milliseconds next_delay(std::chrono::milliseconds interval, double jitter,
                                     std::uint64_t random) {
  const double share = static_cast<double>(random >> 11U) * 0x1.0p-53;  // in [0, 1)
  const double factor = 1.0 + jitter * (2.0 * share - 1.0);
  const auto count = static_cast<double>(interval.count()) * factor;
  return std::max(std::chrono::milliseconds(1),
                  std::chrono::milliseconds(static_cast<std::int64_t>(count)));
}

Unknown put_off_too_long(const Skipped& skipped, Time since, Time now) {
  Unknown unknown;
  unknown.stage = "read";
  unknown.reason = skipped.reason;
  unknown.message = fmt::format(
      "no look was possible for {} s: {}",
      std::chrono::duration_cast<std::chrono::seconds>(now - since).count(), skipped.message);
  unknown.hint =
      "A migration is running or a session holds its locks; driftd looks again every second or "
      "so. See pg_locks and pg_stat_activity for who it is.";
  unknown.since = since;
  unknown.looked = now;
  return unknown;
}

Unknown replay_waited_too_long(Time since, Time now) {
  Unknown unknown;
  unknown.stage = "replay";
  unknown.reason = Reason::Timeout;
  unknown.message =
      fmt::format("the replay has been waiting for those of others for {} s",
                  std::chrono::duration_cast<std::chrono::seconds>(now - since).count());
  unknown.hint =
      "One scratch server replays one history at a time; it comes to this one by itself.";
  unknown.since = since;
  unknown.looked = now;
  return unknown;
}

Unknown waivers_unread(const Error& error, Time now) {
  Unknown unknown;
  unknown.stage = "waivers";
  unknown.reason = error.reason();
  unknown.message = error.message();
  unknown.hint = "Correct the file that waivers names in the settings.";
  unknown.since = unknown.looked = now;
  return unknown;
}

Unknown self_test_failed(const SelfTest& test, Time now) {
  Unknown unknown;
  unknown.stage = "self-test";
  unknown.reason = Reason::Internal;
  unknown.message = test.message;
  unknown.hint =
      "A driftd that misses what it planted may miss what others did. Please report it; "
      "self_test_interval: 0 leaves the test out.";
  unknown.since = test.ended;
  unknown.looked = now;
  return unknown;
}

Unknown never_the_same(int looks, Time now) {
  Unknown unknown;
  unknown.stage = "confirm";
  unknown.reason = Reason::CatalogueChanged;
  unknown.message = fmt::format("no two of {} looks in a row agreed", looks);
  unknown.hint =
      "Something makes and drops objects all the time; leave its schema out with exclude_schemas.";
  unknown.since = unknown.looked = now;
  return unknown;
}

}  // namespace driftd

#pragma once

#include <chrono>
#include <cstdint>

#include "daemon/watch/scan.h"
#include "daemon/watch/self_test.h"

namespace driftd {

/// When the next look begins: the interval with `jitter` of it more or less, so that the sidecars
/// of many pods do not look at one database in step. `random` is any 64 random bits. Pure.
std::chrono::milliseconds next_delay(std::chrono::milliseconds interval, double jitter,
                                     std::uint64_t random);

/// Looks may be put off so long while somebody changes the schema; then driftd says that it cannot
/// tell.
constexpr std::chrono::seconds longest_put_off{30};

/// What a look that was put off for too long becomes.
Unknown put_off_too_long(const Skipped& skipped, Time since, Time now);

/// What looks become that wait for a replay, while others' take all of that time.
Unknown replay_waited_too_long(Time since, Time now);

/// What a look becomes whose waivers cannot be read.
Unknown waivers_unread(const Error& error, Time now);

/// What a look becomes while driftd cannot find what it planted itself.
Unknown self_test_failed(const SelfTest& test, Time now);

/// What looks that never agree with each other become.
Unknown never_the_same(int looks, Time now);

}  // namespace driftd

#include <gtest/gtest.h>

#include "daemon/settings/settings.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;

TEST(Duration, IsReadAsPrometheusWritesIt) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("1h30m"), milliseconds(5'400'000));
  EXPECT_EQ(parse_duration("1y2w3d4h5m6s7ms"),
            milliseconds(31'536'000'000 + 2 * 604'800'000LL + 3 * 86'400'000LL + 4 * 3'600'000 +
                         5 * 60'000 + 6000 + 7));
  EXPECT_EQ(parse_duration("0"), milliseconds(0));
}

TEST(Duration, RefusesWhatCouldMeanTwoThings) {
  for (const char* text : {"", "3", "3 s", "s", "1s1m", "1s1s", "-1s", "+1s", "1.5h", "1month",
                           "1S", " 1s", "9223372036854775807y", "99999999999999999999s"}) {
    EXPECT_THROW(parse_duration(text), Error) << text;
  }
}

TEST(Duration, IsPrintedSoThatItIsReadBack) {
  for (const std::int64_t ms : {0LL, 1LL, 999LL, 1000LL, 61'001LL, 5'400'000LL, 864'000'001LL}) {
    EXPECT_EQ(parse_duration(print_duration(milliseconds(ms))), milliseconds(ms));
  }
  EXPECT_EQ(print_duration(milliseconds(5'400'000)), "1h30m");
  EXPECT_EQ(print_duration(milliseconds(0)), "0s");
}

}  // namespace
}  // namespace driftd

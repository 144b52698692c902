#include "daemon/watch/schedule.h"

#include <gtest/gtest.h>

#include <random>

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(NextDelay, StaysWithinTheJitter) {
  std::mt19937_64 random(1);
  milliseconds least = seconds(100);
  milliseconds most{0};
  for (int i = 0; i < 10000; ++i) {
    const milliseconds delay = next_delay(seconds(10), 0.1, random());
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_GE(least, milliseconds(9000));
  EXPECT_LE(most, milliseconds(11000));
  EXPECT_LT(least, milliseconds(9050)) << "the whole width is used";
  EXPECT_GT(most, milliseconds(10950));
}

TEST(NextDelay, IsTheIntervalWithoutJitter) {
  EXPECT_EQ(next_delay(seconds(3), 0.0, 12345), seconds(3));
}

TEST(NextDelay, IsNeverZero) {
  EXPECT_GE(next_delay(milliseconds(0), 1.0, 0), milliseconds(1));
}

TEST(PutOffTooLong, KeepsTheReasonAndSaysSinceWhen) {
  const Time began{seconds(1000)};
  const Unknown unknown =
      put_off_too_long({Reason::DdlInProgress, "app.users is locked"}, began, began + seconds(31));
  EXPECT_EQ(unknown.reason, Reason::DdlInProgress);
  EXPECT_EQ(unknown.since, began);
  EXPECT_EQ(unknown.message, "no look was possible for 31 s: app.users is locked");
  EXPECT_FALSE(unknown.hint.empty());
}

TEST(NeverTheSame, SaysHowManyLooks) {
  const Unknown unknown = never_the_same(13, Time{seconds(5)});
  EXPECT_EQ(unknown.message, "no two of 13 looks in a row agreed");
  EXPECT_EQ(unknown.stage, "confirm");
}

}  // namespace
}  // namespace driftd

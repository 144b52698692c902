#include "daemon/watch/deployment.h"

#include <gmock/gmock.h>

namespace driftd {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

Time at(std::chrono::seconds seconds) {
  return Time{} + 1000s + seconds;
}

TEST(DeploymentWatch, WithoutASignThereIsNone) {
  DeploymentWatch watch;
  watch.revisions({"01"}, at(0s));
  EXPECT_FALSE(watch.at({}, 5min, at(0s)));
  watch.revisions({"01"}, at(5s));
  EXPECT_FALSE(watch.at({}, 5min, at(5s)));
}

TEST(DeploymentWatch, RevisionsThatMoveAreASignForAMinute) {
  DeploymentWatch watch;
  watch.revisions({"01"}, at(0s));
  watch.revisions({"02"}, at(5s));
  const auto seen = watch.at({}, 5min, at(5s));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->since, at(5s));
  EXPECT_THAT(seen->signs, ElementsAre("the database has just come to 02"));
  watch.revisions({"02"}, at(64s));
  EXPECT_TRUE(watch.at({}, 5min, at(64s)));
  EXPECT_FALSE(watch.at({}, 5min, at(65s)));
}

TEST(DeploymentWatch, SaysWhenItLasts) {
  DeploymentWatch watch;
  for (auto t = 0s; t < 300s; t += 10s) {
    EXPECT_FALSE(watch.at({"a lock"}, 5min, at(t))->lasting) << t.count();
  }
  EXPECT_TRUE(watch.at({"a lock"}, 5min, at(300s))->lasting);
  EXPECT_TRUE(watch.at({"a lock"}, 5min, at(900s))->lasting);
  EXPECT_FALSE(watch.at({}, 5min, at(910s)));
  const auto again = watch.at({"a lock"}, 5min, at(920s));
  ASSERT_TRUE(again) << "another one";
  EXPECT_EQ(again->since, at(920s));
  EXPECT_FALSE(again->lasting);
}

TEST(DeploymentWatch, AClockThatIsSetBackHoldsNothingUp) {
  DeploymentWatch watch;
  watch.revisions({"01"}, at(1000s));
  watch.revisions({"02"}, at(1000s));
  EXPECT_TRUE(watch.at({}, 5min, at(1000s)));
  EXPECT_FALSE(watch.at({}, 5min, at(0s)));
  EXPECT_TRUE(watch.at({"a lock"}, 5min, at(1000s)));
  EXPECT_EQ(watch.at({"a lock"}, 5min, at(1s))->since, at(1s));
}

}  // namespace
}  // namespace driftd

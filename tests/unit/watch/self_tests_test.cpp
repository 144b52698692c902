#include "daemon/watch/self_tests.h"

#include <gtest/gtest.h>

namespace driftd {
namespace {

using std::chrono::minutes;

SelfTests::Time at(int minute) {
  return SelfTests::Time{} + minutes(1000 + minute);
}

std::optional<SelfTests::Outcome> newest(const SelfTests& tests, const std::string& digest,
                                         int minute) {
  return tests.newest(digest, minutes(30), minutes(1), at(minute));
}

TEST(SelfTests, OneHoldsForAllThatExpectTheSame) {
  SelfTests tests;
  EXPECT_FALSE(newest(tests, "a", 0));
  tests.add("a", {SelfTest{true, {}, {}}, {}}, at(0));
  EXPECT_TRUE(newest(tests, "a", 5)->test->success);
  EXPECT_FALSE(newest(tests, "b", 5));
}

TEST(SelfTests, AnOldOneIsMadeAgain) {
  SelfTests tests;
  tests.add("a", {SelfTest{true, {}, {}}, {}}, at(0));
  EXPECT_TRUE(newest(tests, "a", 30));
  EXPECT_FALSE(newest(tests, "a", 31));
  tests.add("a", {SelfTest{false, "not found", {}}, {}}, at(31));
  EXPECT_FALSE(newest(tests, "a", 32)->test->success);
}

TEST(SelfTests, OneThatCouldNotBeMadeIsBelievedForAShorterTime) {
  SelfTests tests;
  tests.add("a", {{}, "no scratch server"}, at(0));
  EXPECT_EQ(newest(tests, "a", 1)->failure, "no scratch server");
  EXPECT_FALSE(newest(tests, "a", 2));
}

TEST(SelfTests, NothingToPlantInIsAnAnswerToo) {
  SelfTests tests;
  tests.add("a", {}, at(0));
  ASSERT_TRUE(newest(tests, "a", 1));
  EXPECT_FALSE(newest(tests, "a", 1)->test);
}

}  // namespace
}  // namespace driftd

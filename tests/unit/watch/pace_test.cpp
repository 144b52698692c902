#include "daemon/watch/pace.h"

#include <gtest/gtest.h>

namespace driftd {
namespace {

using std::chrono::milliseconds;

Pace::Time at(int ms) {
  return Pace::Time{} + std::chrono::hours(1) + milliseconds(ms);
}

int due(const Pace& pace) {
  return static_cast<int>(std::chrono::duration_cast<milliseconds>(pace.due() - at(0)).count());
}

/// After a look from 0 to 40 that found nothing, with the next one due a minute later.
Pace resting() {
  Pace pace;
  EXPECT_LT(pace.due(), at(0)) << "the first look is due at once";
  EXPECT_FALSE(pace.begin());
  pace.end(at(40), milliseconds(40), milliseconds(60000), false);
  EXPECT_EQ(due(pace), 60040);
  return pace;
}

TEST(PaceTest, WhoIsHeardIsLookedAtAtOnce) {
  Pace pace = resting();
  pace.heard(at(5000), true);
  EXPECT_EQ(due(pace), 5000);
  EXPECT_TRUE(pace.begin());
  pace.end(at(5040), milliseconds(40), milliseconds(60000), false);
  EXPECT_EQ(due(pace), 65040);
  EXPECT_FALSE(pace.begin()) << "asked for once";
}

TEST(PaceTest, AFindingIsConfirmedSoonWhereTheOneWhoMadeItIsAtRest) {
  Pace pace = resting();
  pace.heard(at(5000), true);
  pace.begin();
  pace.end(at(5040), milliseconds(40), milliseconds(1000), true);
  EXPECT_EQ(due(pace), 5290);
}

TEST(PaceTest, ConfirmationThatIsSoonerAnywayStaysSo) {
  Pace pace = resting();
  pace.heard(at(5000), true);
  pace.begin();
  pace.end(at(5040), milliseconds(40), milliseconds(100), true);
  EXPECT_EQ(due(pace), 5140);
}

TEST(PaceTest, NotSoonWhileSomebodyIsAtWork) {
  Pace pace = resting();
  pace.heard(at(5000), false);
  pace.begin();
  pace.end(at(5040), milliseconds(40), milliseconds(1000), true);
  EXPECT_EQ(due(pace), 6040);
}

TEST(PaceTest, NotSoonWhereNobodyWasHeard) {
  Pace pace;
  pace.begin();
  pace.end(at(40), milliseconds(40), milliseconds(1000), true);
  EXPECT_EQ(due(pace), 1040);
}

TEST(PaceTest, NotSoonWhereMoreIsHeardBetweenTheLooks) {
  Pace pace = resting();
  pace.heard(at(5000), true);
  pace.begin();
  pace.end(at(5040), milliseconds(40), milliseconds(1000), true);
  pace.heard(at(5100), true);
  EXPECT_EQ(due(pace), 6040) << "a migration goes on";
  pace.heard(at(5900), true);
  EXPECT_EQ(due(pace), 6040) << "but nobody puts it off for ever";
}

TEST(PaceTest, NotSoonWhereMoreIsHeardDuringTheLook) {
  Pace pace = resting();
  pace.heard(at(5000), true);
  pace.begin();
  pace.heard(at(5020), true);
  pace.end(at(5040), milliseconds(40), milliseconds(1000), true);
  EXPECT_EQ(due(pace), 6040);
  EXPECT_TRUE(pace.begin());
}

TEST(PaceTest, WhatIsHeardDuringALookIsLookedAtAfterIt) {
  Pace pace;
  pace.begin();
  pace.heard(at(20), true);
  pace.end(at(40), milliseconds(40), milliseconds(60000), false);
  EXPECT_EQ(due(pace), 120) << "after a rest of twice its length";
  EXPECT_TRUE(pace.begin());
}

TEST(PaceTest, ALookThatIsPutOffMayBeMadeAtAnyTime) {
  Pace pace = resting();
  pace.heard(at(5000), true);
  EXPECT_TRUE(pace.begin());
  pace.put_off();
  EXPECT_LT(pace.due(), at(5000));
  EXPECT_TRUE(pace.begin()) << "and is still the one that was asked for";
}

TEST(PaceTest, ABigSchemaIsNotReadAllTheTime) {
  Pace pace;
  pace.begin();
  pace.end(at(3000), milliseconds(3000), milliseconds(3000), false);
  pace.heard(at(3100), true);
  EXPECT_EQ(due(pace), 6000) << "not later than without a listener";
  Pace slow;
  slow.begin();
  slow.end(at(3000), milliseconds(3000), milliseconds(60000), false);
  slow.heard(at(3100), true);
  EXPECT_EQ(due(slow), 9000);
  slow.heard(at(20000), true);
  EXPECT_EQ(due(slow), 9000) << "overdue is overdue";
}

}  // namespace
}  // namespace driftd

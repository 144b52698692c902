#include "daemon/watch/quiet.h"

#include <gtest/gtest.h>

namespace driftd {
namespace {

using namespace std::chrono_literals;

Time at(std::chrono::seconds seconds) {
  return Time{} + 1000s + seconds;
}

TEST(QuietCatalogue, IsOneWhoseCountStandsStill) {
  QuietCatalogue quiet;
  EXPECT_FALSE(quiet.still("1", at(0s))) << "nobody has looked yet";
  quiet.looked("1", at(0s));
  EXPECT_TRUE(quiet.still("1", at(3s)));
  EXPECT_FALSE(quiet.still("2", at(6s)));
}

TEST(QuietCatalogue, IsLookedAtForAWhileAfterAChange) {
  QuietCatalogue quiet;
  quiet.still("1", at(0s));
  quiet.looked("1", at(0s));
  EXPECT_FALSE(quiet.still("2", at(3s)));
  quiet.looked("2", at(3s));
  EXPECT_FALSE(quiet.still("2", at(17s)));
  quiet.looked("2", at(17s));
  EXPECT_TRUE(quiet.still("2", at(18s)));
}

TEST(QuietCatalogue, IsBelievedForTenSeconds) {
  QuietCatalogue quiet;
  quiet.still("1", at(0s));
  quiet.looked("1", at(0s));
  EXPECT_TRUE(quiet.still("1", at(9s)));
  EXPECT_FALSE(quiet.still("1", at(10s)));
  EXPECT_FALSE(quiet.still("1", at(-10s))) << "the clock was set back";
}

TEST(QuietCatalogue, WithoutACountThereIsNone) {
  QuietCatalogue quiet;
  quiet.looked(std::nullopt, at(0s));
  EXPECT_FALSE(quiet.still(std::nullopt, at(1s)));
  quiet.looked("1", at(2s));
  EXPECT_FALSE(quiet.still(std::nullopt, at(3s)));
}

}  // namespace
}  // namespace driftd

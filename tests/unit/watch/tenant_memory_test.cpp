#include "daemon/watch/tenant_memory.h"

#include <gtest/gtest.h>

namespace driftd {
namespace {

Time at(int seconds) {
  return Time{} + std::chrono::seconds(1000 + seconds);
}

TenantVersion version(const std::string& schema, const std::string& revision) {
  return {schema, schema, "owner", {revision}, {}};
}

std::vector<TenantVersion> two(const std::string& first, const std::string& second) {
  std::vector<TenantVersion> versions;
  versions.push_back(version("a", first));
  versions.push_back(version("b", second));
  return versions;
}

TEST(TenantMemory, WhatWasThereAtTheFirstLookIsNotNew) {
  TenantMemory memory;
  memory.see(two("1", "1"), at(0));
  EXPECT_EQ(memory.new_until("a"), Time{});
  EXPECT_EQ(memory.migrated(at(0)), 0U);
}

TEST(TenantMemory, WhatComesLaterIsNewForAMinuteAndAgainWhenItComesBack) {
  TenantMemory memory;
  std::vector<TenantVersion> one;
  one.push_back(version("a", "1"));
  memory.see(one, at(0));
  memory.see(two("1", "1"), at(10));
  EXPECT_EQ(memory.new_until("b"), at(70));
  memory.see(two("1", "1"), at(20));
  EXPECT_EQ(memory.new_until("b"), at(70));
  memory.see(one, at(100));
  memory.see(two("1", "1"), at(200));
  EXPECT_EQ(memory.new_until("b"), at(260));
}

TEST(TenantMemory, CountsThoseThatWereMigratedWithinAMinute) {
  TenantMemory memory;
  memory.see(two("1", "1"), at(0));
  memory.see(two("2", "1"), at(10));
  EXPECT_EQ(memory.migrated(at(10)), 1U);
  memory.see(two("2", "2"), at(20));
  EXPECT_EQ(memory.migrated(at(20)), 2U);
  EXPECT_EQ(memory.migrated(at(75)), 1U);
  EXPECT_EQ(memory.migrated(at(90)), 0U);
}

TEST(TenantMemory, AVersionTableThatCannotBeReadForAWhileIsNoMigration) {
  TenantMemory memory;
  memory.see(two("1", "1"), at(0));
  auto lost = two("1", "1");
  lost[0].problem = Error(Reason::Permission, "no");
  lost[0].revisions.clear();
  memory.see(lost, at(10));
  memory.see(two("1", "1"), at(20));
  EXPECT_EQ(memory.migrated(at(20)), 0U);
}

TEST(TenantMemory, AHistoryIsOneObjectWhileItIsTheSame) {
  TenantMemory memory;
  const auto applied = std::make_shared<const AppliedHistory>();
  const auto first = memory.history(applied, {{"citext", "public"}});
  EXPECT_EQ(memory.history(applied, {{"citext", "public"}}), first);
  const auto moved = memory.history(applied, {{"citext", "other"}});
  EXPECT_NE(moved, first);
  EXPECT_NE(moved->digest, first->digest);
  EXPECT_NE(first->digest, applied->digest);
}

}  // namespace
}  // namespace driftd

#include "daemon/compare/extension_members.h"

#include <gmock/gmock.h>

#include "tests/unit/compare/catalogue_of.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using Properties = std::vector<std::pair<std::string, std::string>>;

Given extension(const std::string& version) {
  return {"extension", "cube", "", "", {{"version", version}}};
}

Given member(const std::string& identity, const Properties& properties) {
  return {"extension member", identity, "extension", "cube", properties};
}

std::vector<std::string> settled(const GivenObjects& given, const GivenObjects& found) {
  const Expected expected{catalogue_of(given)};
  const Actual actual{catalogue_of(found)};
  std::vector<Drift> drifts = compare(expected, actual);
  settle_extension_members(drifts, expected, actual);
  return lines_of(drifts);
}

TEST(ExtensionMembers, AFunctionThatSomebodyRewroteIsChanged) {
  const Given made = member("function ext.f()", {{"body", "a"}});
  const Given by_hand = member("function ext.f()", {{"body", "b"}, {"rewritten", "true"}});
  const Given by_update = member("function ext.f()", {{"body", "b"}});
  const Given granted = member("function ext.f()", {{"body", "a"}, {"rewritten", "true"}});
  EXPECT_THAT(settled({extension("1"), made}, {extension("1"), by_hand}),
              ElementsAre("changed extension member function ext.f(): body a -> b"));
  EXPECT_THAT(settled({extension("1"), made}, {extension("1"), by_update}), ElementsAre());
  EXPECT_THAT(settled({extension("1"), made}, {extension("1"), granted}), ElementsAre());
}

TEST(ExtensionMembers, AFunctionThatAMigrationRewroteIsAsItLeftIt) {
  const Given by_migration = member("function ext.f()", {{"body", "b"}, {"rewritten", "true"}});
  const Given as_made = member("function ext.f()", {{"body", "a"}});
  const Given by_hand = member("function ext.f()", {{"body", "c"}, {"rewritten", "true"}});
  EXPECT_THAT(settled({extension("1"), by_migration}, {extension("1"), as_made}),
              ElementsAre("changed extension member function ext.f(): body b -> a"));
  EXPECT_THAT(settled({extension("1"), by_migration}, {extension("1"), by_hand}),
              ElementsAre("changed extension member function ext.f(): body b -> c"));
}

TEST(ExtensionMembers, ATableNeedsNoMark) {
  const Given made = member("table ext.t", {{"indexes", "a"}});
  EXPECT_THAT(settled({extension("1"), made}, {extension("1"), member("table ext.t", {})}),
              ElementsAre("changed extension member table ext.t: indexes a -> (none)"));
}

TEST(ExtensionMembers, OfAnotherVersionSayNothing) {
  const Given made = member("table ext.t", {{"indexes", "a"}});
  const Given gone = member("function ext.f()", {{"body", "a"}});
  EXPECT_THAT(settled({extension("1"), made, gone}, {extension("2"), member("table ext.t", {})}),
              ElementsAre("changed extension cube: version 1 -> 2"));
}

TEST(ExtensionMembers, FurtherOnesAreTheExtensionsOwnDoing) {
  EXPECT_THAT(settled({extension("1")}, {extension("1"), member("table ext.t", {})}),
              ElementsAre());
}

TEST(ExtensionMembers, TakenOutIsOneDrift) {
  const Given made = member("type ext.mood", {{"labels", "a"}});
  const Given own{"enum", "ext.mood", "schema", "ext", {{"labels", "a"}}};
  const Given other{"enum", "ext.other_mood", "schema", "ext", {{"labels", "b"}}};
  EXPECT_THAT(
      settled({schema("ext"), extension("1"), made}, {schema("ext"), extension("1"), own, other}),
      ElementsAre("unexpected enum ext.other_mood", "missing extension member type ext.mood"));
}

TEST(ExtensionMembers, OfAMissingExtensionAreAPartOfIt) {
  EXPECT_THAT(settled({extension("1"), member("table ext.t", {})}, {}),
              ElementsAre("missing extension cube +1"));
}

}  // namespace
}  // namespace driftd

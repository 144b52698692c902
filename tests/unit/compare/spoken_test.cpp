#include "daemon/compare/spoken.h"

#include <gmock/gmock.h>

#include "daemon/compare/compare.h"
#include "tests/unit/compare/catalogue_of.h"

namespace driftd {
namespace {

using testing::ElementsAre;

Given privilege(const std::string& grantee, const std::string& on, const std::string& what) {
  return {"privilege", grantee + " on table " + on, "table", on, {{"privileges", what}}};
}

const GivenObjects tables{schema("app"), table("app.spoken"), table("app.silent"),
                          privilege("app_rw", "app.spoken", "SELECT")};

std::vector<std::string> left(GivenObjects more, Privileges privileges) {
  GivenObjects live = tables;
  live.insert(live.end(), more.begin(), more.end());
  const Expected expected{catalogue_of(tables)};
  std::vector<Drift> drifts = compare(expected, Actual{catalogue_of(live)});
  drop_unspoken(drifts, expected, privileges);
  std::vector<std::string> names;
  for (const Drift& drift : drifts) names.push_back(drift.object.identity);
  return names;
}

TEST(Spoken, PrivilegesOfObjectsThatTheMigrationsSpeakOf) {
  const GivenObjects granted{privilege("backup", "app.spoken", "SELECT"),
                             privilege("backup", "app.silent", "SELECT")};
  EXPECT_THAT(left(granted, Privileges::Spoken), ElementsAre("backup on table app.spoken"));
  EXPECT_THAT(left(granted, Privileges::All),
              ElementsAre("backup on table app.silent", "backup on table app.spoken"));
  EXPECT_THAT(left(granted, Privileges::None), ElementsAre());
}

TEST(Spoken, WhatIsGoneIsAlwaysSpokenOf) {
  const Expected expected{catalogue_of(tables)};
  const GivenObjects live{schema("app"), table("app.spoken"), table("app.silent")};
  std::vector<Drift> drifts = compare(expected, Actual{catalogue_of(live)});
  drop_unspoken(drifts, expected, Privileges::Spoken);
  ASSERT_EQ(drifts.size(), 1U);
  EXPECT_EQ(drifts[0].kind, DriftKind::Missing);
}

TEST(Spoken, WhatAMigrationSetsAndNoOtherSetting) {
  const Given work_mem{"setting", "work_mem of database", "", "", {{"value", "8MB"}}};
  const Given other{"setting", "work_mem of database", "", "", {{"value", "1MB"}}};
  EXPECT_THAT(left({work_mem}, Privileges::Spoken), ElementsAre());
  const Expected expected{catalogue_of({work_mem})};
  std::vector<Drift> drifts = compare(expected, Actual{catalogue_of({other})});
  drop_unspoken(drifts, expected, Privileges::Spoken);
  EXPECT_EQ(drifts.size(), 1U);
}

TEST(Spoken, TheDatabaseItselfIsMadeLikeTheLiveOne) {
  const Given utf8{"database", "database", "", "", {{"encoding", "UTF8"}}};
  const Given latin{"database", "database", "", "", {{"encoding", "LATIN1"}}};
  const Expected expected{catalogue_of({utf8})};
  std::vector<Drift> drifts = compare(expected, Actual{catalogue_of({latin})});
  ASSERT_EQ(drifts.size(), 1U);
  drop_unspoken(drifts, expected, Privileges::All);
  EXPECT_TRUE(drifts.empty());
}

}  // namespace
}  // namespace driftd

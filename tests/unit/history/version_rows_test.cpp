#include "expected_schema/history/version_rows.h"

#include <gmock/gmock.h>

namespace driftd {
namespace {

using testing::ElementsAre;

TEST(VersionRows, OfALinearHistoryAreOneThatMoves) {
  VersionRows rows({"", "alembic_version"});
  EXPECT_THAT(rows.setup(),
              ElementsAre("CREATE TABLE \"alembic_version\" (version_num VARCHAR(32) NOT NULL, "
                          "CONSTRAINT \"alembic_version_pkc\" PRIMARY KEY (version_num))"));
  EXPECT_THAT(rows.upgrade("a", {}),
              ElementsAre("INSERT INTO \"alembic_version\" (version_num) VALUES ('a')"));
  EXPECT_THAT(
      rows.upgrade("b", {"a"}),
      ElementsAre("UPDATE \"alembic_version\" SET version_num = 'b' WHERE version_num = 'a'"));
}

TEST(VersionRows, BranchAndMerge) {
  VersionRows rows({"ops", "v"});
  EXPECT_EQ(rows.setup().front(), "CREATE SCHEMA IF NOT EXISTS \"ops\"");
  rows.upgrade("a", {});
  rows.upgrade("b", {"a"});
  EXPECT_THAT(rows.upgrade("c", {"a"}),
              ElementsAre("INSERT INTO \"ops\".\"v\" (version_num) VALUES ('c')"));
  EXPECT_THAT(rows.upgrade("m", {"b", "c"}),
              ElementsAre("DELETE FROM \"ops\".\"v\" WHERE version_num = 'b'",
                          "UPDATE \"ops\".\"v\" SET version_num = 'm' WHERE version_num = 'c'"));
}

}  // namespace
}  // namespace driftd

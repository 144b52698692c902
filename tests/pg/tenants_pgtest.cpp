#include "expected_schema/history/tenants.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "expected_schema/introspect/introspect.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int count = 120;  // more than are read, or printed, at once

/// As many tenants, each with a version table at revision `r<its number modulo 3>` and a view.
ScratchDatabase& tenants() {
  static const auto database = [] {
    auto made = test::fresh_database();
    Session session = test::connect(*made);
    for (int i = 0; i < count; ++i) {
      session.execute(
          fmt::format("CREATE SCHEMA t_{0:03}; CREATE TABLE t_{0:03}.versions (v text);"
                      "INSERT INTO t_{0:03}.versions VALUES ('r{1}'), (NULL);"
                      "CREATE TABLE t_{0:03}.a (id int);"
                      "CREATE VIEW t_{0:03}.b AS SELECT id FROM t_{0:03}.a",
                      i, i % 3));
    }
    return made;
  }();
  return *database;
}

/// Of this transaction, on what is no catalogue.
std::size_t locks_of(Snapshot& snapshot) {
  return std::stoul(
      snapshot
          .query("SELECT count(*) FROM pg_locks"
                 " WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384")
          .text(0, 0));
}

VersionTable table() {
  VersionTable table;
  table.name = "versions";
  table.column = "v";
  return table;
}

TEST(Tenants, AreReadWithoutALockThatStays) {
  Session session = test::connect(tenants());
  Snapshot snapshot(session);
  const auto read = read_tenants(snapshot, {{"t_*"}, {"t_001"}}, table());
  ASSERT_EQ(read.size(), count - 1U);
  EXPECT_EQ(read[0].schema, "t_000");
  EXPECT_EQ(read[1].schema, "t_002");
  for (const TenantVersion& one : read) {
    ASSERT_FALSE(one.problem);
    ASSERT_THAT(one.revisions,
                ElementsAre(fmt::format("r{}", std::stoi(one.schema.substr(2)) % 3)));
    ASSERT_FALSE(one.owner.empty());
  }
  EXPECT_EQ(locks_of(snapshot), 0U);
  const Catalogue catalogue = introspect(snapshot, {{"t_*"}, {}});
  EXPECT_NE(catalogue.find("view", "t_119.b"), nullptr);
  EXPECT_EQ(locks_of(snapshot), 0U);
}

TEST(Tenants, OneThatCannotBeReadTakesNoOtherWithIt) {
  Session session = test::connect(tenants());
  session.execute(
      "BEGIN; ALTER TABLE t_007.versions RENAME COLUMN v TO w; DROP TABLE t_008.versions;"
      "CREATE ROLE nobody_much; COMMIT; GRANT USAGE ON SCHEMA t_009 TO nobody_much");
  Snapshot snapshot(session);
  const auto read = read_tenants(snapshot, {{"t_00*"}, {}}, table());
  ASSERT_EQ(read.size(), 10U);
  for (const TenantVersion& one : read) {
    EXPECT_EQ(one.problem.has_value(), one.schema == "t_007" || one.schema == "t_008");
  }
  EXPECT_EQ(read[7].problem->reason(), Reason::Query);
  EXPECT_THAT(read[7].problem->message(), HasSubstr("t_007"));
  EXPECT_EQ(read[8].problem->reason(), Reason::History);
  EXPECT_THAT(read[8].problem->hint(), HasSubstr("version_table.schema"));
  snapshot.end();

  session.execute("SET ROLE nobody_much");
  Snapshot theirs(session);
  const auto unreadable = read_tenants(theirs, {{"t_009", "t_010"}, {}}, table());
  ASSERT_EQ(unreadable.size(), 2U);
  EXPECT_EQ(unreadable[0].problem->reason(), Reason::Permission);
  EXPECT_THAT(unreadable[0].problem->hint(),
              HasSubstr(": GRANT SELECT ON t_009.\"versions\" TO nobody_much;"));
  EXPECT_THAT(unreadable[1].problem->hint(),
              HasSubstr("GRANT USAGE ON SCHEMA t_010 TO nobody_much; GRANT SELECT"));
  theirs.end();
  session.execute("RESET ROLE; DROP OWNED BY nobody_much; DROP ROLE nobody_much");
}

TEST(Tenants, OneTableMaySpeakForAll) {
  Session session = test::connect(tenants());
  Snapshot snapshot(session);
  VersionTable shared = table();
  shared.schema = "t_002";
  for (const TenantVersion& one : read_tenants(snapshot, {{"t_01?"}, {}}, shared)) {
    EXPECT_THAT(one.revisions, ElementsAre("r2"));
  }
  shared.schema = "t_999";
  EXPECT_THROW(read_tenants(snapshot, {{"t_01?"}, {}}, shared), Error);
}

TEST(TenantTarget, HasTheTenantsSchemaBeforeTheLivePath) {
  Target target;
  EXPECT_THAT(tenant_target(target).settings, ElementsAre(std::pair<std::string, std::string>(
                                                  "search_path", "driftd_tenant, public")));
  target.settings = {{"datestyle", "ISO"}, {"search_path", "\"$user\", app, \"x y\""}};
  EXPECT_THAT(tenant_target(target).settings,
              ElementsAre(std::pair<std::string, std::string>("datestyle", "ISO"),
                          std::pair<std::string, std::string>("search_path",
                                                              "driftd_tenant, app, \"x y\"")));
}

}  // namespace
}  // namespace driftd

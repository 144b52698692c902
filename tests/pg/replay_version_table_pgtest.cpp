#include <gmock/gmock.h>

#include "expected_schema/base/error.h"
#include "expected_schema/history/history.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

std::optional<std::vector<std::string>> read(Session& session, const VersionTable& table) {
  Snapshot snapshot(session);
  return read_version_table(snapshot, table);
}

TEST(VersionTable, GivesItsRowsSorted) {
  const auto database = test::fresh_database();
  test::run_sql(*database,
                "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);"
                "INSERT INTO alembic_version VALUES ('b2'), ('a1')");
  Session session = test::connect_as_owner(*database);
  EXPECT_THAT(read(session, {"", "alembic_version"}), Optional(ElementsAre("a1", "b2")));
  EXPECT_EQ(read(session, {"", "other"}), std::nullopt);
  EXPECT_EQ(read(session, {"elsewhere", "alembic_version"}), std::nullopt);
}

TEST(VersionTable, OfAnotherNameAndSchema) {
  const auto database = test::fresh_database();
  test::run_sql(*database,
                "CREATE SCHEMA \"Ops 1\"; CREATE TABLE \"Ops 1\".\"V\" (version_num text);"
                "INSERT INTO \"Ops 1\".\"V\" VALUES ('x')");
  Session session = test::connect_as_owner(*database);
  EXPECT_THAT(read(session, {"Ops 1", "V"}), Optional(ElementsAre("x")));
  EXPECT_EQ(read(session, {"", "V"}), std::nullopt);
}

TEST(VersionTable, WithoutASchemaIsTheFirstOfTheSearchPath) {
  const auto database = test::fresh_database();
  test::run_sql(*database,
                "CREATE SCHEMA first; CREATE TABLE first.v (version_num text);"
                "CREATE TABLE public.v (version_num text);"
                "INSERT INTO first.v VALUES ('first'); INSERT INTO public.v VALUES ('public')");
  {
    Session session = test::connect_as_owner(*database);
    EXPECT_THAT(read(session, {"", "v"}), Optional(ElementsAre("public")));
  }
  test::connect(*database).execute("ALTER DATABASE \"" + database->name() +
                                   "\" SET search_path = first, public");
  Session session = test::connect_as_owner(*database);
  EXPECT_THAT(read(session, {"", "v"}), Optional(ElementsAre("first")));
}

TEST(VersionTable, ThatMayNotBeReadNamesTheGrant) {
  Target target = test::plain_target();
  target.roles = {"app", "guest"};
  const auto database = test::fresh_database(target);
  test::run_sql(*database, "CREATE SCHEMA s; CREATE TABLE s.v (version_num text)");
  Session session = test::connect(*database);
  session.execute("SET SESSION AUTHORIZATION guest");
  try {
    read(session, {"s", "v"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Permission);
    EXPECT_EQ(error.hint(),
              "Run as its owner: GRANT USAGE ON SCHEMA \"s\" TO \"guest\"; "
              "GRANT SELECT ON \"s\".\"v\" TO \"guest\";");
    test::connect(*database).execute(
        "GRANT USAGE ON SCHEMA s TO guest; GRANT SELECT ON s.v TO guest");
  }
  EXPECT_THAT(read(session, {"s", "v"}), Optional(testing::IsEmpty()));
}

}  // namespace
}  // namespace driftd

#include <gmock/gmock.h>

#include <fmt/format.h>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/scratch/database.h"
#include "expected_schema/scratch/given.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using test::fresh_database;
using test::plain_target;
using test::scratch_server;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string value(Session& session, const std::string& sql) {
  return session.query(sql).text(0, 0);
}

std::string on_server(const std::string& sql) {
  Session session(scratch_server().admin("postgres"));
  return value(session, sql);
}

TEST(ScratchDatabase, IsEmptyAndBelongsToAnOrdinaryOwner) {
  const auto database = fresh_database();
  Session owner = test::connect_as_owner(*database);
  EXPECT_EQ(value(owner, "SELECT session_user"), "app");
  EXPECT_EQ(value(owner, "SHOW is_superuser"), "off");
  EXPECT_EQ(value(owner, "SELECT count(*) FROM pg_class WHERE oid >= 16384"), "0");
  EXPECT_EQ(value(owner,
                  "SELECT pg_get_userbyid(datdba) FROM pg_database"
                  " WHERE datname = current_database()"),
            "app");
  owner.execute("CREATE TABLE t (id int); CREATE SCHEMA s; CREATE TABLE s.t (id int)");
  EXPECT_THROW(owner.execute("COPY t FROM PROGRAM 'true'"), Error);
}

TEST(ScratchDatabase, TakesOverEncodingAndLocale) {
  Target target = plain_target();
  target.encoding = "SQL_ASCII";
  const auto database = fresh_database(target);
  Session session = test::connect(*database);
  EXPECT_EQ(value(session, "SHOW server_encoding"), "SQL_ASCII");
  EXPECT_THAT(database->notes(), IsEmpty());
}

TEST(ScratchDatabase, ReplacesALocaleThatIsNotHereAndSaysSo) {
  Target target = plain_target();
  target.collate = target.ctype = "xx_XX.UTF-8";
  const auto database = fresh_database(target);
  Session session = test::connect(*database);
  EXPECT_EQ(value(session,
                  "SELECT datcollate || ' ' || datctype FROM pg_database"
                  " WHERE datname = current_database()"),
            "C C");
  EXPECT_THAT(database->notes(), ElementsAre(HasSubstr("xx_XX.UTF-8")));
}

TEST(ScratchDatabase, SaysWhyItCannotBeMade) {
  Target target = plain_target();
  target.encoding = "NO_SUCH";
  try {
    fresh_database(target);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Scratch);
    EXPECT_THAT(error.message(), HasSubstr("NO_SUCH"));
  }
}

TEST(ScratchDatabase, HasTheRolesAndLetsTheOwnerGiveObjectsToThem) {
  Target target = plain_target();
  target.owner = "postgres";
  target.roles = {"Odd \"name'\\", "none", "postgres", "reader"};
  {
    const auto database = fresh_database(target);
    EXPECT_THAT(database->notes(), ElementsAre(HasSubstr("none")));
    EXPECT_EQ(database->owner_role(), "postgres");
    Session owner = test::connect_as_owner(*database);
    owner.execute("CREATE SCHEMA s AUTHORIZATION reader");
    owner.execute("CREATE TABLE t (); GRANT SELECT ON t TO \"Odd \"\"name'\\\"");
    owner.execute("ALTER SCHEMA s OWNER TO \"Odd \"\"name'\\\"");
    owner.execute("CREATE ROLE made_by_a_migration; GRANT reader TO made_by_a_migration");
    EXPECT_EQ(on_server("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'reader'"), "f");
  }
  EXPECT_EQ(on_server("SELECT count(*) FROM pg_roles WHERE rolname IN"
                      " ('postgres', 'reader', 'made_by_a_migration')"),
            "0");
}

TEST(ScratchDatabase, StandsInForAnOwnerWithoutAName) {
  Target target;
  target.server_major = scratch_server().major();
  const auto database = fresh_database(target);
  Session owner = test::connect_as_owner(*database);
  EXPECT_EQ(value(owner, "SELECT current_user"), "driftd_scratch_owner");
  EXPECT_THAT(database->notes(), IsEmpty());
}

TEST(ScratchDatabase, IsDroppedWithItsSessions) {
  auto database = fresh_database();
  const std::string name = database->name();
  Session session = test::connect_as_owner(*database);
  database.reset();
  EXPECT_EQ(on_server("SELECT count(*) FROM pg_database WHERE datname = " + quote_literal(name)),
            "0");
}

/// The process' own scratch server, taken for somebody else's.
ScratchSettings given() {
  ScratchSettings settings;
  settings.conninfo = scratch_server().admin("postgres").conninfo;
  return settings;
}

TEST(GivenServer, RunsAsTheOwnerAndLeavesNeitherDatabaseNorRole) {
  ScratchServer server(given(), scratch_server().major());
  EXPECT_FALSE(server.embedded());
  std::string name;
  {
    Target target = plain_target();
    target.owner = "given owner";
    target.roles = {"given owner", "other"};
    const ScratchDatabase database(server, target);
    name = database.name();
    Session session(database.owner());
    EXPECT_EQ(value(session, "SELECT current_user"), "given owner");
    EXPECT_EQ(value(session, "SELECT current_database()"), name);
    session.execute("CREATE TABLE t ()");
    EXPECT_EQ(value(session, "SELECT tableowner FROM pg_tables WHERE tablename = 't'"),
              "given owner");
    EXPECT_EQ(remove_leftovers(given()), 0);
  }
  EXPECT_EQ(on_server("SELECT count(*) FROM pg_database WHERE datname = " + quote_literal(name)),
            "0");
  EXPECT_EQ(on_server("SELECT count(*) FROM pg_roles WHERE rolname IN ('given owner', 'other')"),
            "0");
}

TEST(GivenServer, RefusesAnotherMajor) {
  try {
    const ScratchServer server(given(), scratch_server().major() + 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::ServerVersion);
    EXPECT_THAT(error.message(), HasSubstr("scratch.conninfo leads to PostgreSQL"));
  }
}

TEST(GivenServer, NeverRunsMigrationsAsASuperuser) {
  ScratchServer server(given(), scratch_server().major());
  Target target = plain_target();
  target.owner = on_server("SELECT current_user");
  EXPECT_THROW(ScratchDatabase(server, target), Error);
}

TEST(GivenServer, DropsWhatAnotherOwnerLeftAndNothingElse) {
  Session session(scratch_server().admin("postgres"));
  session.execute("CREATE DATABASE driftd_scratch_dead");
  session.execute("COMMENT ON DATABASE driftd_scratch_dead IS " + quote_literal(scratch_comment));
  session.execute("CREATE DATABASE driftd_scratch_foreign");
  EXPECT_EQ(remove_leftovers(given()), 1);
  EXPECT_EQ(value(session,
                  "SELECT string_agg(datname, ' ') FROM pg_database"
                  " WHERE datname LIKE 'driftd_scratch_%'"),
            "driftd_scratch_foreign");
  session.execute("DROP DATABASE driftd_scratch_foreign");
}

TEST(GivenServer, SaysWhenItCannotBeReached) {
  ScratchSettings settings;
  settings.conninfo = "host=/nowhere";
  try {
    const ScratchServer server(settings, 15);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Scratch);
    EXPECT_THAT(error.message(), HasSubstr("/nowhere"));
  }
  EXPECT_EQ(remove_leftovers(settings), 0);
}

}  // namespace
}  // namespace driftd

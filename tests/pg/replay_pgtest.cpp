#include "expected_schema/replay/replay.h"

#include <gmock/gmock.h>

#include <thread>

#include "expected_schema/base/error.h"
#include "tests/support/made_history.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using test::fresh_database;
using test::history;
using test::migration;
using testing::ElementsAre;
using testing::HasSubstr;

std::string value(const ScratchDatabase& database, const std::string& sql) {
  Session session = test::connect(database);
  return session.query(sql).text(0, 0);
}

/// Replays one migration of these texts and answers a query about what came out.
std::string after(const std::vector<std::string>& texts, const std::string& sql) {
  const auto database = fresh_database();
  replay(history({migration("r1", texts)}), *database);
  return value(*database, sql);
}

Error failure(const AppliedHistory& history, const ReplayOptions& options = {}) {
  const auto database = fresh_database();
  try {
    replay(history, *database, options);
  } catch (const Error& error) {
    return error;
  }
  return {Reason::Internal, "no failure"};
}

TEST(Replay, RunsMigrationsInOrderAsTheOwnerAndKeepsTheVersionTable) {
  const auto database = fresh_database();
  replay(history({migration("r1", {"CREATE TABLE t (id int)"}),
                  migration("r2", {"ALTER TABLE t ADD COLUMN name text",
                                   "CREATE INDEX i ON t (name); CREATE INDEX j ON t (id)"})}),
         *database);
  EXPECT_EQ(value(*database,
                  "SELECT tableowner || ' ' || schemaname FROM pg_tables"
                  " WHERE tablename = 't'"),
            "app public");
  EXPECT_EQ(value(*database, "SELECT count(*) FROM pg_indexes WHERE tablename = 't'"), "2");
  EXPECT_EQ(value(*database, "SELECT string_agg(version_num, ',') FROM alembic_version"), "r2");
}

TEST(Replay, HintsOfTheLiveServersRightsAreNotGivenForTheScratchServer) {
  const Error error = failure(history({migration("r1", {"CREATE ROLE x SUPERUSER"})}));
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_THAT(error.hint(), HasSubstr("owner of the scratch database"));
  EXPECT_THAT(error.hint(), testing::Not(HasSubstr("Grant driftd")));
}

TEST(Replay, SaysThatRowsWerePassedOver) {
  AppliedHistory made = history({migration("r1", {})});
  made.applied[0].upgrade = [](StatementSink& sink) {
    sink.pass_over({"r1.py", 7, 0});
    sink.run({"DROP TABLE missing", {"r1.py", 8, 0}, "r1"});
  };
  EXPECT_THAT(failure(made).hint(), HasSubstr("The rows that r1.py:7 writes were passed over"));
}

TEST(Replay, AMigrationMayNameItsDatabase) {
  Target target = test::plain_target();
  target.database = "Shop";
  const auto database = fresh_database(target);
  EXPECT_TRUE(database->notes().empty());
  replay(history({migration("r1", {"GRANT CONNECT ON DATABASE \"Shop\" TO PUBLIC",
                                   "ALTER DATABASE \"Shop\" SET work_mem = '8MB'"})}),
         *database);
  EXPECT_EQ(value(*database, "SELECT current_database()"), "Shop");
  // Taken: another one of the name is there.
  const auto second = fresh_database(target);
  EXPECT_NE(second->name(), "Shop");
  EXPECT_TRUE(second->notes().empty()) << "nobody has asked for it";
  replay(history({migration("r1", {"SELECT current_database()"})}), *second);
  EXPECT_THAT(second->notes(), ElementsAre(HasSubstr("not called Shop")));
}

TEST(Replay, KnowsWhetherTheNameOfTheDatabaseIsUsed) {
  const auto used = [](const std::string& sql) {
    Target target = test::plain_target();
    target.database = "shop";
    const auto database = fresh_database(target);
    replay(history({migration("r1", {sql})}), *database);
    return database->name_used();
  };
  EXPECT_FALSE(used("CREATE TABLE shop (id int)"));
  EXPECT_FALSE(used("SELECT pg_catalog.set_config('work_mem', '8MB', true)"));
  EXPECT_TRUE(
      used("DO $$ BEGIN EXECUTE 'COMMENT ON DATABASE ' || quote_ident(Current_Database())"
           " || ' IS NULL'; END $$"));
  EXPECT_TRUE(used("SELECT table_catalog FROM information_schema.tables"));
  EXPECT_TRUE(used("SELECT datname FROM pg_stat_activity"));
}

TEST(Replay, AnAnswerThatIsTheNameOfTheDatabaseUsesIt) {
  Target target = test::plain_target();
  target.database = "shop";
  const auto database = fresh_database(target);
  Migration asks = migration("r1", {});
  asks.upgrade = [](StatementSink& sink) {
    sink.query({"SELECT 'sho' || 'p'", {"r1.py", 1, 0}, "r1", false});
  };
  replay(history({asks}), *database);
  EXPECT_TRUE(database->name_used());
}

TEST(Replay, NamesPlaceStatementAndRevisionOfAFailure) {
  const Error error = failure(
      history({migration("r1", {"CREATE TABLE t (id int)"}),
               migration("r2", {"SELECT 1", "SELECT 1;\nALTER TABLE t\n  DROP COLUMN missing"})}));
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_EQ(error.place(), (Place{"r2.py", 2, 0}));
  EXPECT_EQ(error.message(),
            "migration r2 does not replay: column \"missing\" of relation \"t\" does not exist");
  EXPECT_THAT(error.hint(),
              HasSubstr("The statement (line 2 of its text): ALTER TABLE t DROP COLUMN missing"));
}

TEST(Replay, AMissingRightIsAFailureOfTheReplay) {
  const Error error = failure(history({migration("r1", {"CREATE TABLE pg_catalog.t ()"})}));
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_EQ(error.place().line, 1);
}

TEST(Replay, DeferredConstraintsFailTheirMigration) {
  const Error error = failure(history({migration(
      "r1",
      {"CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
       "INSERT INTO t VALUES (1, 2)"})}));
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_EQ(error.place().file, "r1.py");
}

TEST(Replay, AMigrationIsOneTransaction) {
  EXPECT_EQ(after({"CREATE TABLE t AS SELECT txid_current() AS id",
                   "INSERT INTO t SELECT txid_current()"},
                  "SELECT count(DISTINCT id) FROM t"),
            "1");
}

TEST(Replay, StatementsThatRefuseTransactionsRunAlone) {
  EXPECT_EQ(
      after({"CREATE TABLE t (id int)", "CREATE INDEX CONCURRENTLY i ON t (id)",
             "CREATE TYPE mood AS ENUM ('a')",
             "ALTER TYPE mood ADD VALUE 'b'; CREATE TABLE u (m mood DEFAULT 'b')", "VACUUM t"},
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"),
      "t");
}

TEST(Replay, AutocommitBlocksHaveNoTransaction) {
  EXPECT_EQ(
      after({"CREATE TABLE t (id bigint)", "autocommit", "INSERT INTO t SELECT txid_current()",
             "INSERT INTO t SELECT txid_current()", "end autocommit", "CREATE TABLE u AS SELECT 1"},
            "SELECT count(DISTINCT id) FROM t"),
      "2");
}

TEST(Replay, TransactionStatementsDoNotBreakTheBookkeeping) {
  const std::string version = "SELECT string_agg(version_num, ',') FROM alembic_version";
  EXPECT_EQ(after({"COMMIT", "CREATE TABLE t ()", "BEGIN"}, version), "r1");
  EXPECT_EQ(after({"BEGIN; CREATE TABLE t (); COMMIT"}, version), "r1");
  EXPECT_EQ(after({"CREATE TABLE t ()", "ROLLBACK"}, version), "r1");
  EXPECT_EQ(after({"CREATE TABLE t ()", "ROLLBACK"},
                  "SELECT count(*) FROM pg_tables WHERE tablename = 't'"),
            "0");
  EXPECT_EQ(after({"ROLLBACK", "autocommit", "CREATE TABLE t ()", "COMMIT"}, version), "r1");
}

TEST(Replay, ATrustedAndAnUntrustedExtension) {
  const auto database = fresh_database();
  replay(history({migration("r1", {"CREATE SCHEMA ext", "CREATE EXTENSION hstore SCHEMA ext",
                                   "CREATE EXTENSION IF NOT EXISTS pageinspect",
                                   "CREATE TABLE t AS SELECT current_setting('is_superuser') s"})}),
         *database);
  EXPECT_EQ(value(*database, "SELECT string_agg(extname, ',' ORDER BY extname) FROM pg_extension"),
            "hstore,pageinspect,plpgsql");
  EXPECT_EQ(value(*database, "SELECT s FROM t"), "off");
  EXPECT_EQ(value(*database, "SELECT rolsuper FROM pg_roles WHERE rolname = 'app'"), "f");
}

TEST(Replay, NamesAnExtensionThatIsNotHere) {
  const Error error = failure(history({migration("r1", {"CREATE EXTENSION no_such_thing"})}));
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_THAT(error.message(), HasSubstr("lacks the extension no_such_thing"));
  EXPECT_THAT(error.hint(), HasSubstr("package"));
  EXPECT_EQ(error.place(), (Place{"r1.py", 1, 0}));
}

TEST(Replay, TheLiveDatabasesSettingsHold) {
  Target target = test::plain_target();
  target.settings = {{"datestyle", "ISO, DMY"}, {"search_path", R"("A pp", public)"}};
  const auto database = fresh_database(target);
  replay(history({migration(
             "r1", {R"(CREATE SCHEMA "A pp")", "CREATE TABLE t (d date DEFAULT '01/02/2020')"})}),
         *database);
  EXPECT_EQ(value(*database, "SELECT schemaname FROM pg_tables WHERE tablename = 't'"), "A pp");
  EXPECT_EQ(value(*database, "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef"),
            "'2020-02-01'::date");
  EXPECT_TRUE(database->notes().empty());
}

TEST(Replay, ASettingThatTheScratchServerRefusesIsANote) {
  Target target = test::plain_target();
  target.settings = {{"default_table_access_method", "columns"}, {"timezone", "Asia/Tokyo"}};
  const auto database = fresh_database(target);
  replay(history({migration("r1", {"CREATE TABLE t AS SELECT current_setting('timezone') z"})}),
         *database);
  EXPECT_EQ(value(*database, "SELECT z FROM t"), "Asia/Tokyo");
  EXPECT_THAT(database->notes(), ElementsAre(HasSubstr("default_table_access_method = columns")));
}

/// The version of pg_trgm after these texts, where the live database has `live`.
std::string trigram_version(const std::string& live, const std::vector<std::string>& texts,
                            std::size_t notes = 0) {
  Target target = test::plain_target();
  target.extensions = {{"pg_trgm", live}};
  const auto database = fresh_database(target);
  replay(history({migration("r1", texts)}), *database);
  EXPECT_EQ(database->notes().size(), notes);
  return value(*database, "SELECT extversion FROM pg_extension WHERE extname = 'pg_trgm'");
}

TEST(Replay, AnExtensionHasTheLiveDatabasesVersionWhereNoMigrationNamesOne) {
  EXPECT_EQ(trigram_version("1.3", {"CREATE EXTENSION pg_trgm -- fast"}), "1.3");
  EXPECT_EQ(trigram_version("1.5", {"CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public CASCADE;"
                                    "SELECT 1"}),
            "1.5");
  EXPECT_EQ(trigram_version("1.3", {"CREATE EXTENSION pg_trgm VERSION '1.4'"}), "1.4");
  EXPECT_EQ(trigram_version("1.3", {"CREATE EXTENSION pg_trgm", "ALTER EXTENSION pg_trgm UPDATE"}),
            "1.3");
  EXPECT_EQ(trigram_version("1.5", {"CREATE EXTENSION pg_trgm VERSION '1.3'",
                                    "ALTER EXTENSION pg_trgm UPDATE"}),
            "1.5");
  EXPECT_EQ(trigram_version(
                "1.3", {"CREATE EXTENSION pg_trgm", "ALTER EXTENSION pg_trgm UPDATE TO '1.4'"}),
            "1.4");
}

TEST(Replay, AVersionThatTheScratchServerLacksIsNotJudged) {
  EXPECT_EQ(trigram_version("0.7", {"CREATE EXTENSION pg_trgm"}, 1), "0.7");
  EXPECT_EQ(trigram_version("0.7", {"CREATE EXTENSION pg_trgm VERSION '1.4'"}), "1.4");
}

TEST(Replay, AnExtensionThatAnotherNeedsHasTheLiveDatabasesVersion) {
  Target target = test::plain_target();
  target.extensions = {{"cube", "1.2"}};
  const auto database = fresh_database(target);
  replay(history({migration("r1", {"CREATE EXTENSION earthdistance CASCADE"})}), *database);
  EXPECT_EQ(value(*database, "SELECT extversion FROM pg_extension WHERE extname = 'cube'"), "1.2");
  EXPECT_THAT(database->notes(), ElementsAre(HasSubstr("the version 1.2 of the extension cube")));
}

TEST(Replay, RolesOfAMigrationReplayAgainAndAgain) {
  Target target = test::plain_target();
  target.roles = {"app", "live_role"};
  for (int round = 0; round < 2; ++round) {
    const auto database = fresh_database(target);
    replay(history({migration(
               "r1", {"CREATE ROLE live_role NOLOGIN", "CREATE ROLE of_migration",
                      "GRANT live_role TO of_migration", "CREATE TABLE t ()",
                      "GRANT SELECT ON t TO of_migration, live_role",
                      "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO of_migration"})}),
           *database);
    EXPECT_EQ(value(*database, "SELECT has_table_privilege('of_migration', 't', 'SELECT')"), "t");
  }
}

TEST(Replay, OfAnUnknownRevisionIsRefused) {
  AppliedHistory unknown = history({});
  unknown.unknown_revisions = {"gone"};
  const Error error = failure(unknown);
  EXPECT_EQ(error.reason(), Reason::History);
  EXPECT_THAT(error.message(), HasSubstr("gone"));
}

TEST(Replay, EndsAtItsLimitAndWhenStopped) {
  ReplayOptions options;
  options.time_limit = std::chrono::milliseconds(500);
  const auto slow = history({migration("r1", {"SELECT pg_sleep(20)"})});
  const auto begun = std::chrono::steady_clock::now();
  const Error limit = failure(slow, options);
  EXPECT_EQ(limit.reason(), Reason::Timeout);
  EXPECT_EQ(limit.place().line, 1);
  std::stop_source source;
  ReplayOptions stoppable;
  stoppable.stop = source.get_token();
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    source.request_stop();
  });
  EXPECT_EQ(failure(slow, stoppable).reason(), Reason::Timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST(Replay, TellsOfMigrationsAndStatements) {
  const auto database = fresh_database();
  std::vector<std::string> seen;
  ReplayOptions options;
  options.each_statement = [](const Migration& m) { return m.revision == "r2"; };
  options.after = [&](Session& session, const Migration& m, const Statement* statement) {
    const std::string tables =
        session.query("SELECT count(*) FROM pg_tables WHERE tablename IN ('t', 'u')").text(0, 0);
    seen.push_back(m.revision + (statement ? " " + std::to_string(statement->place.line) : "") +
                   ": " + tables);
  };
  replay(history({migration("r1", {"CREATE TABLE t ()"}),
                  migration("r2", {"CREATE TABLE u ()", "autocommit", "DROP TABLE t"})}),
         *database, options);
  EXPECT_THAT(seen, ElementsAre("r1: 1", "r2 1: 2", "r2 3: 1", "r2: 1"));
}

}  // namespace
}  // namespace driftd

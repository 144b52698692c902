#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <regex>
#include <set>
#include <thread>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/text.h"
#include "expected_schema/expected/expected_schema.h"
#include "tests/support/made_history.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using test::history;
using test::migration;
using test::plain_target;
using testing::IsEmpty;
using testing::Not;

/// On the process' own server: no second one is started for each test.
ScratchSettings given() {
  ScratchSettings settings;
  settings.conninfo = test::scratch_server().admin("postgres").conninfo;
  return settings;
}

TEST(ExpectedSchemas, AreWhatTheMigrationsMake) {
  ExpectedSchemas schemas(given());
  const auto schema = schemas.of(history({migration("r1", {"CREATE TABLE t (id int NOT NULL)"})}),
                                 plain_target(), {});
  const Catalogue& catalogue = schema->expected.catalogue;
  EXPECT_EQ(catalogue.server_major(), test::scratch_server().major());
  EXPECT_NE(catalogue.find("table", "public.t"), nullptr);
  EXPECT_NE(catalogue.find("column", "public.t.id"), nullptr);
  EXPECT_NE(catalogue.find("table", "public.alembic_version"), nullptr);
}

TEST(ExpectedSchemas, ReplayOnlyWhatTheyHaveNotReplayed) {
  ExpectedSchemas schemas(given());
  int replays = 0;
  const auto counted = [&](const std::string& sql) {
    AppliedHistory made = history({migration("r1", {sql})});
    made.applied[0].upgrade = [&, upgrade = made.applied[0].upgrade](StatementSink& sink) {
      ++replays;
      upgrade(sink);
    };
    return made;
  };
  const auto first = schemas.of(counted("CREATE TABLE t ()"), plain_target(), {});
  EXPECT_EQ(schemas.of(counted("CREATE TABLE t ()"), plain_target(), {}), first);
  EXPECT_EQ(replays, 1);
  const auto edited = schemas.of(counted("CREATE TABLE u ()"), plain_target(), {});
  EXPECT_NE(edited->expected.catalogue.find("table", "public.u"), nullptr);
  EXPECT_EQ(replays, 2);
  Scope scope;
  scope.exclude_schemas = {"public"};
  EXPECT_NE(schemas.of(counted("CREATE TABLE t ()"), plain_target(), scope), first);
  Target target = plain_target();
  target.roles.push_back("zz");
  EXPECT_NE(schemas.of(counted("CREATE TABLE t ()"), target, {}), first);
  EXPECT_EQ(replays, 4);
  EXPECT_EQ(schemas.of(counted("CREATE TABLE t ()"), plain_target(), {}), first);
  EXPECT_EQ(replays, 4);
}

/// A history of one statement that counts how often it is replayed.
AppliedHistory counted(const std::string& sql, std::atomic<int>& replays) {
  AppliedHistory made = history({migration("r1", {sql})});
  made.applied[0].upgrade = [&replays, upgrade = made.applied[0].upgrade](StatementSink& sink) {
    ++replays;
    upgrade(sink);
  };
  return made;
}

Target called(const std::string& database) {
  Target target = plain_target();
  target.database = database;
  return target;
}

TEST(ExpectedSchemas, AreSharedByDatabasesOfAllNames) {
  ExpectedSchemas schemas(given());
  std::atomic<int> replays = 0;
  const AppliedHistory made = counted("CREATE TABLE t ()", replays);
  const auto first = schemas.of(made, called("one"), {});
  EXPECT_EQ(schemas.of(made, called("two"), {}), first);
  EXPECT_TRUE(schemas.has(made, called("three"), {}));
  EXPECT_EQ(replays, 1);
}

TEST(ExpectedSchemas, AreNotSharedWhereAMigrationAsksForTheName) {
  ExpectedSchemas schemas(given());
  std::atomic<int> replays = 0;
  const AppliedHistory made = counted(
      "DO $$ BEGIN EXECUTE 'CREATE TABLE of_' || substr(current_database(), 1, 3) || ' ()';"
      " END $$",
      replays);
  const auto first = schemas.of(made, called("one"), {});
  EXPECT_FALSE(schemas.has(made, called("two"), {}));
  const auto second = schemas.of(made, called("two"), {});
  EXPECT_NE(second, first);
  EXPECT_NE(second->digest, first->digest);
  EXPECT_EQ(schemas.of(made, called("one"), {}), first);
  EXPECT_EQ(replays, 2);
}

TEST(ExpectedSchemas, AreReplayedOnceForManyThreads) {
  ExpectedSchemas schemas(given());
  std::atomic<int> replays = 0;
  const AppliedHistory made = counted("SELECT pg_sleep(0.2)", replays);
  const AppliedHistory other = counted("SELECT pg_sleep(0.1)", replays);
  std::mutex mutex;
  std::set<std::shared_ptr<const ExpectedSchema>> got;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const auto one = schemas.of(i % 2 == 0 ? made : other, called(std::to_string(i)), {});
        const std::lock_guard lock(mutex);
        got.insert(one);
      });
    }
  }
  EXPECT_EQ(got.size(), 2U);
  EXPECT_EQ(replays, 2);
}

TEST(ExpectedSchemas, ThatSomebodyHoldsAreKeptHoweverManyThereAre) {
  ExpectedSchemas schemas(given());
  std::atomic<int> replays = 0;
  std::vector<std::shared_ptr<const ExpectedSchema>> held;
  for (int i = 0; i < 20; ++i) {
    held.push_back(schemas.of(counted("SELECT " + std::to_string(i), replays), plain_target(), {}));
  }
  EXPECT_EQ(schemas.of(counted("SELECT 0", replays), plain_target(), {}), held[0]);
  EXPECT_EQ(replays, 20);
}

TEST(ExpectedSchemas, WhatCannotBeDerivedIsNotTriedAgainAtOnce) {
  ExpectedSchemas schemas(given());
  std::atomic<int> replays = 0;
  const AppliedHistory broken = counted("CREATE TABLE", replays);
  for (const std::string name : {"one", "two", "one"}) {
    EXPECT_THROW(schemas.of(broken, called(name), {}), Error);
  }
  EXPECT_EQ(replays, 1);
}

TEST(ExpectedSchemas, WhoeverDoesNotWaitIsToldOfTheEnd) {
  ExpectedSchemas schemas(given());
  const AppliedHistory made = history({});
  std::vector<std::string> told;
  const auto tell = [&](const std::string& who) { return [&, who] { told.push_back(who); }; };
  const int a = 0;
  const int b = 0;
  const int c = 0;
  {
    const auto turn = schemas.turn_at_once(made, &a, tell("a"));
    ASSERT_TRUE(turn);
    EXPECT_TRUE(schemas.turn_at_once(made, &a, tell("a"))) << "it is the same thread's";
    std::jthread([&] {
      EXPECT_FALSE(schemas.turn_at_once(made, &b, tell("b")));
      EXPECT_FALSE(schemas.turn_at_once(made, &b, tell("b again")));
      EXPECT_FALSE(schemas.turn_at_once(made, &c, tell("c")));
      schemas.forget(&c);
    }).join();
    EXPECT_THAT(told, IsEmpty());
  }
  EXPECT_THAT(told, testing::ElementsAre("b again"));
}

TEST(ExpectedSchemas, AWaitForAnothersReplayCanBeStopped) {
  ExpectedSchemas schemas(given());
  const auto turn = schemas.turn_at_once(history({}), nullptr, {});
  std::jthread waiting([&](const std::stop_token& stop) {
    try {
      schemas.of(history({migration("r1", {"SELECT 1"})}), plain_target(), {}, stop);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.reason(), Reason::Timeout);
    }
  });
  waiting.request_stop();
  waiting.join();
}

TEST(ExpectedSchemas, AReplayThatTakesTooLongIsGivenUp) {
  ScratchSettings settings = given();
  settings.replay_limit = milliseconds(200);
  ExpectedSchemas schemas(settings);
  try {
    schemas.of(history({migration("r1", {"SELECT pg_sleep(60)"})}), plain_target(), {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Timeout) << error.what();
  }
}

TEST(ExpectedSchemas, RefuseUnknownRevisions) {
  ExpectedSchemas schemas(given());
  AppliedHistory unknown = history({});
  unknown.unknown_revisions = {"gone"};
  try {
    schemas.of(unknown, plain_target(), {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::History);
  }
}

TEST(ExpectedSchemas, NoteAReplacedLocale) {
  ExpectedSchemas schemas(given());
  Target target = plain_target();
  target.collate = target.ctype = "xx_XX.UTF-8";
  EXPECT_THAT(schemas.of(history({}), target, {})->notes, Not(IsEmpty()));
}

// A database whose migrations ran under settings of its own, on a server with an older extension.
TEST(ExpectedSchemas, AreWhatTheLiveDatabasesSettingsAndVersionsMake) {
  const auto live = test::fresh_database();
  const std::string name = quote_identifier(live->name());
  test::connect(*live).execute("ALTER DATABASE " + name + " SET search_path = shop, public;" +
                               "ALTER DATABASE " + name + " SET datestyle = 'ISO, DMY'");
  const AppliedHistory made =
      history({migration("r1", {"CREATE SCHEMA shop", "CREATE EXTENSION pg_trgm"}),
               migration("r2", {"CREATE TABLE t (d date DEFAULT '01/02/2020')"})});
  {
    Session owner = test::connect_as_owner(*live);
    for (const std::string& sql : made.setup) owner.execute(sql);
    owner.execute("CREATE SCHEMA shop; CREATE EXTENSION pg_trgm VERSION '1.3'");
    owner.execute("CREATE TABLE t (d date DEFAULT '01/02/2020')");
  }
  Session session = test::connect(*live);
  Snapshot snapshot(session);
  ExpectedSchemas schemas(given());
  const Target target = read_target(snapshot);
  const auto schema = schemas.of(made, target, {});
  // What is set for the live database holds in the replay; its own settings are no migration's.
  const std::regex settings("setting .*\n(  .*\n)*");
  EXPECT_EQ(to_text(schema->expected.catalogue),
            std::regex_replace(to_text(introspect(snapshot, {}, "app")), settings, ""));
  EXPECT_NE(schema->expected.catalogue.find("table", "shop.t"), nullptr);

  Target other = target;
  other.extensions = {{"pg_trgm", "1.4"}};
  const auto newer = schemas.of(made, other, {});
  EXPECT_NE(newer->digest, schema->digest);
  other = target;
  other.settings.clear();
  EXPECT_NE(schemas.of(made, other, {})->expected.catalogue.find("table", "public.t"), nullptr);
}

TEST(ExpectedSchemas, StartRestAndStartAgain) {
  ExpectedSchemas schemas({}, milliseconds(0));
  EXPECT_NE(schemas.of(history({migration("r1", {"CREATE TABLE t ()"})}), plain_target(), {}),
            nullptr);
  schemas.rest();
  EXPECT_NE(schemas.of(history({migration("r1", {"CREATE TABLE u ()"})}), plain_target(), {}),
            nullptr);
}

class Provenances : public testing::Test {
 protected:
  std::map<ObjectId, Origin> of(const std::vector<ObjectId>& ids) {
    return schemas_.origins(history_, plain_target(), {}, ids);
  }
  static Provenance at(const std::string& revision, int line) {
    return {revision, "message of " + revision, {revision + ".py", line, 0}};
  }

  ExpectedSchemas schemas_{given()};
  AppliedHistory history_ = history(
      {migration("r1", {"CREATE TABLE t (id int, name text)", "CREATE TABLE u (id int)",
                        "CREATE INDEX i ON t (id)"}),
       migration("r2", {"INSERT INTO u VALUES (1)", "ALTER TABLE t ALTER COLUMN name SET NOT NULL",
                        "DROP TABLE u", "CREATE TABLE u (id int)"}),
       migration("r3", {"autocommit", "CREATE INDEX CONCURRENTLY j ON u (id)", "end autocommit",
                        "CREATE VIEW v AS SELECT id FROM t"})});
};

TEST_F(Provenances, NameTheStatementThatLastSetAnObject) {
  const std::map<ObjectId, Provenance> wanted{
      {{"table", "public.t"}, at("r1", 1)},       {{"column", "public.t.id"}, at("r1", 1)},
      {{"column", "public.t.name"}, at("r2", 2)}, {{"index", "public.i"}, at("r1", 3)},
      {{"table", "public.u"}, at("r2", 4)},       {{"index", "public.j"}, at("r3", 2)},
      {{"view", "public.v"}, at("r3", 4)}};
  std::vector<ObjectId> ids;
  for (const auto& [id, provenance] : wanted) ids.push_back(id);
  const auto found = of(ids);
  for (const auto& [id, provenance] : wanted) {
    ASSERT_TRUE(found.contains(id)) << to_string(id);
    const Provenance& last = found.at(id).last;
    EXPECT_EQ(last.revision, provenance.revision) << to_string(id);
    EXPECT_EQ(to_string(last.place), to_string(provenance.place)) << to_string(id);
    EXPECT_EQ(last.message, provenance.message);
  }
  // Answered from memory: nothing is replayed.
  for (Migration& migration : history_.applied) {
    migration.upgrade = [](StatementSink&) { FAIL() << "replayed"; };
  }
  EXPECT_EQ(of(ids), found);
}

TEST_F(Provenances, NameTheStatementThatSetEachProperty) {
  history_ = history({migration("r1", {"CREATE TABLE t (id int, name text DEFAULT 'x' NOT NULL)"}),
                      migration("r2", {"ALTER TABLE t ALTER name TYPE varchar(10)",
                                       "ALTER TABLE t ALTER name DROP DEFAULT"}),
                      migration("r3", {"ALTER TABLE t ALTER name DROP NOT NULL",
                                       "ALTER TABLE t ALTER name SET NOT NULL"})});
  const ObjectId name{"column", "public.t.name"};
  const Origin origin = of({name}).at(name);
  EXPECT_EQ(to_string(origin.properties.at("type").place), "r2.py:1");
  EXPECT_EQ(to_string(origin.properties.at("default").place), "r2.py:2");  // set by its removal
  EXPECT_EQ(origin.properties.at("position").revision, "r1");
  EXPECT_EQ(to_string(origin.properties.at("not_null").place), "r3.py:2");
  EXPECT_EQ(origin.last.revision, "r3");
}

TEST_F(Provenances, NameTheStatementThatDroppedAnObject) {
  history_ = history({migration("r1", {"CREATE TABLE t (id int)", "CREATE TABLE u (id int)"}),
                      migration("r2", {"CREATE TABLE v ()", "DROP TABLE t"})});
  const ObjectId dropped{"table", "public.t"};
  const auto found = of({dropped, {"table", "public.never"}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(to_string(found.at(dropped).last.place), "r2.py:2");
  EXPECT_TRUE(found.at(dropped).properties.empty());
}

TEST_F(Provenances, LeaveOutWhatNoMigrationSet) {
  EXPECT_THAT(
      of({{"schema", "public"}, {"table", "public.alembic_version"}, {"table", "public.x"}}),
      IsEmpty());
}

/// What a walk sees, a word a state: the tables that are there, `rows` where only rows changed.
std::vector<std::string> walked(const AppliedHistory& history, const Route& route) {
  ExpectedSchemas schemas(given());
  std::vector<std::string> seen;
  schemas.walk(history, plain_target(), {}, route, [&](const Halt& halt, Expected* state) {
    std::string word = std::to_string(halt.migrations);
    if (halt.statement != nullptr) word += "@" + to_string(halt.statement->place);
    word += ":";
    if (state == nullptr) word += "rows";
    for (const char* name : {"a", "b", "c"}) {
      const bool there = state != nullptr &&
                         state->catalogue.find("table", "public." + std::string(name)) != nullptr;
      if (there) word += name;
    }
    seen.push_back(word);
  });
  return seen;
}

AppliedHistory three() {
  return history(
      {migration("r1", {"CREATE TABLE a ()"}),
       migration("r2", {"CREATE TABLE b (x int)", "INSERT INTO b VALUES (1)", "autocommit",
                        "CREATE INDEX CONCURRENTLY i ON b (x)", "end autocommit", "DROP TABLE a"}),
       migration("r3", {"CREATE TABLE c ()"})});
}

TEST(Walks, LookAtTheStatesOfTheirRoute) {
  EXPECT_THAT(walked(three(), {{0, 1, 3}, {}}), testing::ElementsAre("0:", "1:a", "3:bc"));
  EXPECT_THAT(
      walked(three(), {{2}, {1}}),
      testing::ElementsAre("1@r2.py:1:ab", "1@r2.py:2:rows", "1@r2.py:4:ab", "1@r2.py:6:b", "2:b"));
}

TEST(Walks, SeeWhatTheExpectedSchemaIs) {
  ExpectedSchemas schemas(given());
  const std::string wanted = to_text(schemas.of(three(), plain_target(), {})->expected.catalogue);
  schemas.walk(three(), plain_target(), {}, {{3}, {}},
               [&](const Halt&, Expected* state) { EXPECT_EQ(to_text(state->catalogue), wanted); });
}

TEST(Walks, HaveSeenWhatComesBeforeAFailure) {
  AppliedHistory broken = three();
  broken.applied.push_back(migration("r4", {"CREATE TABLE a ()", "no SQL"}));
  ExpectedSchemas schemas(given());
  std::size_t reached = 0;
  EXPECT_THROW(schemas.walk(broken, plain_target(), {}, {{0, 1, 2, 3, 4}, {}},
                            [&](const Halt& halt, Expected*) { reached = halt.migrations; }),
               Error);
  EXPECT_EQ(reached, 3U);
}

}  // namespace
}  // namespace driftd

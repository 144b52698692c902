#include "daemon/state/memory.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/judge/judge.h"
#include "daemon/state/log.h"

namespace driftd::state {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Time at(int seconds) {
  return Time{} + std::chrono::seconds(1800000000 + seconds);
}

Report look(const std::vector<std::string>& types, int seconds, int confirm = 1) {
  Report report;
  report.name = "app";
  std::vector<Drift> drifts;
  for (const std::string& type : types) {
    drifts.push_back({{"column", "public.users.phone"},
                      DriftKind::Changed,
                      {{"type", "text", type}},
                      {},
                      0,
                      std::nullopt});
  }
  judge(report, std::move(drifts), Policy{confirm}, nullptr, at(seconds));
  return report;
}

class MemoryTest : public testing::Test {
 protected:
  MemoryTest()
      : folder_(fs::temp_directory_path() / ("driftd-memory-" + std::to_string(::getpid()))),
        file_((folder_ / "state").string()) {
    fs::create_directories(folder_);
  }
  ~MemoryTest() override { fs::remove_all(folder_); }

  std::vector<std::string> events(const std::string& database = "") {
    std::vector<std::string> names;
    for (const Event& event : read_log(file_, database, 100)) names.push_back(event.event);
    return names;
  }

  fs::path folder_;
  std::string file_;
};

TEST_F(MemoryTest, NotesWhatAppearsChangesAndGoes) {
  Memory memory(file_, "app", Comparison::Database);
  memory.record(look({}, 0), at(0));
  memory.record(look({"int"}, 1), at(1));
  memory.record(look({"int"}, 2), at(2));
  memory.record(look({"bigint"}, 3), at(3));
  memory.record_unknown("gone away", at(4));
  memory.record_unknown("gone away", at(5));
  memory.record(look({"bigint"}, 6), at(6));
  memory.record(look({}, 7), at(7));
  EXPECT_EQ(memory.problem(), "");
  EXPECT_THAT(events(), ElementsAre("appeared", "changed", "unknown", "known again", "resolved"));
  const auto all = read_log(file_, "app", 100);
  EXPECT_EQ(all[0].at, at(1));
  EXPECT_EQ(all[0].object, "public.users.phone");
  EXPECT_THAT(all[1].detail, HasSubstr("type: text -> bigint"));
  EXPECT_EQ(all[2].detail, "gone away");
  EXPECT_THAT(events("other"), IsEmpty());
  EXPECT_EQ(read_log(file_, "", 2).size(), 2U);
}

TEST_F(MemoryTest, AfterARestartAFindingIsAsOldAsItWasAndConfirmed) {
  {
    Memory before(file_, "app", Comparison::Database);
    before.record(look({"int"}, 0), at(0));
  }
  Memory after(file_, "app", Comparison::Database);
  Report report = look({"int"}, 500, 2);
  EXPECT_EQ(report.confirmed(), 0U);
  EXPECT_TRUE(after.restore(report));
  EXPECT_EQ(report.findings[0].first_seen, at(0));
  EXPECT_EQ(report.confirmed(), 1U);
  after.record(report, at(500));
  EXPECT_THAT(events(), ElementsAre("appeared"));
  EXPECT_FALSE(after.restore(report)) << "only once";
}

TEST_F(MemoryTest, RemembersWhoMadeIt) {
  ChangedBy by;
  by.at = at(-5);
  by.login_role = "ines";
  by.acting_role = "dba";
  by.application = "psql";
  by.client = "10.0.0.7";
  by.pid = 17;
  by.tag = "ALTER TABLE";
  by.object = "public.users";
  by.others = 2;
  for (const std::optional<std::string>& statement :
       {std::optional<std::string>("ALTER TABLE users ..."), std::optional<std::string>()}) {
    fs::remove(file_);
    by.statement = statement;
    by.certain = !by.certain;
    Report report = look({"int"}, 0);
    Memory before(file_, "app", Comparison::Database);
    before.record(report, at(0));  // not known yet
    report.findings[0].changed_by = by;
    before.record(report, at(1));
    EXPECT_THAT(events(), ElementsAre("appeared"));
    Memory after(file_, "app", Comparison::Database);
    Report again = look({"int"}, 500, 2);
    after.restore(again);
    EXPECT_EQ(again.findings[0].changed_by, by);
    Memory gone(file_, "app", Comparison::Database);
    gone.record(look({}, 600), at(600));
    gone.record(look({"int"}, 601), at(601));
    Memory later(file_, "app", Comparison::Database);
    Report another = look({"int"}, 700, 2);
    later.restore(another);
    EXPECT_EQ(another.findings[0].changed_by, std::nullopt) << "another time, and somebody else";
  }
}

TEST_F(MemoryTest, TheLogSaysWhoMadeIt) {
  Report report = look({"int"}, 0);
  report.findings[0].changed_by.emplace();
  report.findings[0].changed_by->login_role = report.findings[0].changed_by->acting_role = "ines";
  report.findings[0].changed_by->tag = "ALTER TABLE";
  Memory(file_, "app", Comparison::Database).record(report, at(0));
  EXPECT_EQ(read_log(file_, "", 9).front().changed_by, "by ines: ALTER TABLE");
}

TEST_F(MemoryTest, AFileOfTheReleaseBeforeIsReadAndBroughtUp) {
  sqlite3* old = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &old), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(old, R"sql(
CREATE TABLE finding (
  database TEXT NOT NULL, comparison TEXT NOT NULL, fingerprint TEXT NOT NULL,
  state TEXT NOT NULL, "values" TEXT NOT NULL, first_seen INTEGER NOT NULL,
  kind TEXT NOT NULL, object TEXT NOT NULL, drift TEXT NOT NULL, impact TEXT NOT NULL,
  PRIMARY KEY (database, comparison, fingerprint)
) WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY, database TEXT NOT NULL, comparison TEXT NOT NULL, at INTEGER NOT NULL,
  event TEXT NOT NULL, fingerprint TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL,
  drift TEXT NOT NULL, impact TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE TABLE applied (
  database TEXT NOT NULL, revision TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (database, revision)
) WITHOUT ROWID;
INSERT INTO event VALUES (1, 'app', 'database', 5, 'appeared', 'f', 'table', 't', 'missing', 'risky',
                          'd');
PRAGMA user_version = 1)sql",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(old);
  ASSERT_EQ(read_log(file_, "", 9).size(), 1U);
  EXPECT_EQ(read_log(file_, "", 9).front().changed_by, "");
  Memory memory(file_, "app", Comparison::Database);
  memory.record(look({"int"}, 0), at(0));
  EXPECT_EQ(memory.problem(), "");
  EXPECT_THAT(events(), ElementsAre("appeared", "appeared"));
}

TEST_F(MemoryTest, AnotherDriftOfTheObjectIsNotTakenForConfirmed) {
  Memory(file_, "app", Comparison::Database).record(look({"int"}, 0), at(0));
  Memory after(file_, "app", Comparison::Database);
  Report report = look({"bigint"}, 500, 2);
  after.restore(report);
  EXPECT_EQ(report.confirmed(), 0U);
  EXPECT_EQ(report.findings[0].first_seen, at(0));
  after.record(report, at(500));
  EXPECT_THAT(events(), ElementsAre("appeared")) << "seen, so not resolved either";
}

TEST_F(MemoryTest, AfterARestartAFindingIsThereSinceTheLookThatDidNotSeeIt) {
  const auto with = [](Report report, const std::string& revision) {
    report.history.emplace();
    report.history->database_revisions = {revision};
    report.fingerprint = "c";
    return report;
  };
  {
    Memory before(file_, "app", Comparison::Database);
    before.record(with(look({}, 0), "1"), at(0));
    before.record(with(look({}, 30), "1"), at(30));  // not written down again so soon
    before.record(with(look({}, 90), "1"), at(90));
  }
  Report report = with(look({"int"}, 500), "1");
  Memory after(file_, "app", Comparison::Database);
  EXPECT_TRUE(after.restore(report));
  EXPECT_EQ(report.findings[0].since.agreed, at(90));
  EXPECT_TRUE(report.findings[0].since.same_revisions);
  EXPECT_TRUE(report.findings[0].since.same_catalogue);
  EXPECT_FALSE(report.findings[0].since.same_expected) << "it was not known";
  report.findings[0].since.committed = at(200);
  after.record(report, at(500));

  Report again = with(look({"int"}, 900), "2");
  EXPECT_TRUE(Memory(file_, "app", Comparison::Database).restore(again));
  EXPECT_EQ(again.findings[0].since, report.findings[0].since);
}

TEST_F(MemoryTest, ALookWhoseFindingsAreOnlySeenIsNoneThatAgreed) {
  {
    Memory before(file_, "app", Comparison::Database);
    before.record(look({}, 0), at(0));
    before.record(look({"int"}, 100, 2), at(100));
  }
  Report report = look({"int"}, 500);
  Memory(file_, "app", Comparison::Database).restore(report);
  EXPECT_EQ(report.findings[0].since.agreed, at(0));
}

TEST_F(MemoryTest, ComparisonsAndDatabasesAreApart) {
  Memory(file_, "app", Comparison::Database).record(look({"int"}, 0), at(0));
  Memory models(file_, "app", Comparison::Models);
  Memory another(file_, "b", Comparison::Database);
  for (Memory* other : {&models, &another}) {
    Report report = look({"int"}, 9, 2);
    EXPECT_FALSE(other->restore(report));
  }
}

TEST_F(MemoryTest, KeepsTheDigestsOfAppliedMigrations) {
  Memory(file_, "app", Comparison::Database).set_applied({{"1", "a"}, {"2", "b"}});
  EXPECT_THAT(Memory(file_, "app", Comparison::Database).applied(),
              ElementsAre(testing::Pair("1", "a"), testing::Pair("2", "b")));
  EXPECT_THAT(Memory(file_, "other", Comparison::Database).applied(), IsEmpty());
}

TEST_F(MemoryTest, AFileThatCannotBeUsedStopsNothing) {
  Memory missing((folder_ / "no" / "such").string(), "app", Comparison::Database);
  missing.record(look({"int"}, 0), at(0));
  EXPECT_THAT(missing.problem(), HasSubstr("cannot be opened"));

  std::ofstream(file_) << "this is no database, and long enough to be seen as none of SQLite's";
  Memory broken(file_, "app", Comparison::Database);
  broken.record(look({"int"}, 0), at(0));
  EXPECT_THAT(broken.problem(), HasSubstr("not a database"));
  Report report = look({"int"}, 1, 2);
  EXPECT_FALSE(broken.restore(report));

  // It is tried again, and then remembers.
  fs::remove(file_);
  broken.record(look({"int"}, 30), at(30));
  EXPECT_NE(broken.problem(), "");
  broken.record(look({"int"}, 90), at(90));
  EXPECT_EQ(broken.problem(), "");
  EXPECT_THAT(events(), ElementsAre("appeared"));
}

TEST_F(MemoryTest, OfNothingAskedForIsNothing) {
  Memory none("", "app", Comparison::Database);
  none.record(look({"int"}, 0), at(0));
  EXPECT_EQ(none.problem(), "");
  EXPECT_FALSE(none.asked_for());
}

TEST_F(MemoryTest, ALogWithoutAFileSaysSo) {
  EXPECT_THROW(read_log(file_, "", 10), Error);
}

}  // namespace
}  // namespace driftd::state

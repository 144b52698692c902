// Folders of SQL as the tools lay them out, and what the rows of their tables say.
#include "expected_schema/history/sql_history.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Collected : public StatementSink {
 public:
  void run(const Statement& statement) override {
    sql.push_back(statement.sql);
    lines.push_back(statement.place.line);
  }
  void begin_autocommit() override {}
  void end_autocommit() override {}
  std::vector<std::string> sql;
  std::vector<int> lines;
};

class SqlHistories : public testing::Test {
 protected:
  SqlHistories() { fs::create_directories(folder_); }
  ~SqlHistories() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return text;
  }
  std::unique_ptr<History> open(const std::string& tool = {}) const {
    return read_history(folder_.string(), {}, {}, tool);
  }
  static std::vector<std::string> revisions(const AppliedHistory& history) {
    std::vector<std::string> result;
    for (const Migration& one : history.applied) result.push_back(one.revision);
    return result;
  }
  std::string refusal(const std::vector<std::string>& rows) const {
    try {
      open()->applied(rows);
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(SqlHistories, Prisma) {
  write("migration_lock.toml", "provider = \"postgresql\"\n");
  const std::string first = write("20240101000000_init/migration.sql", "CREATE TABLE a ();\n");
  const std::string second = write("20240202000000_more/migration.sql", "CREATE TABLE b ();\n");
  const auto history = open();
  EXPECT_EQ(history->tool(), "prisma");
  EXPECT_EQ(history->version_table().name, "_prisma_migrations");
  const std::string row = "20240101000000_init\t" + sha256_of(first) + "\ttrue\tfalse";
  const AppliedHistory applied = history->applied({row});
  EXPECT_THAT(revisions(applied), ElementsAre("20240101000000_init"));
  EXPECT_THAT(applied.pending, ElementsAre("20240202000000_more"));
  EXPECT_THAT(applied.edited, IsEmpty());
  EXPECT_THAT(history->applied({"20240101000000_init\tother\ttrue\tfalse"}).edited,
              ElementsAre("20240101000000_init"));
  EXPECT_THAT(history->applied({"20239\tx\ttrue\tfalse"}).unknown_revisions, ElementsAre("20239"));
  EXPECT_THAT(refusal({row, "20240202000000_more\tx\tfalse\tfalse"}), HasSubstr("has not ended"));
  // Rolled back is not applied, and may be applied again.
  EXPECT_THAT(history->applied({row, "20240202000000_more\tx\tfalse\ttrue"}).pending,
              ElementsAre("20240202000000_more"));
}

TEST_F(SqlHistories, GolangMigrate) {
  write("000001_init.up.sql", "CREATE TABLE a ();\n-- and\nCREATE TABLE b ();");
  write("000001_init.down.sql", "DROP TABLE a;");
  write("000010_ten.up.sql", "SELECT 10");
  write("000009_nine.up.sql", "SELECT 9");
  const auto history = open();
  EXPECT_EQ(history->tool(), "golang-migrate");
  const AppliedHistory applied = history->applied({"9\tfalse"});
  EXPECT_THAT(revisions(applied), ElementsAre("1", "9"));
  EXPECT_THAT(applied.pending, ElementsAre("10"));
  EXPECT_THAT(applied.database_revisions, ElementsAre("9"));
  EXPECT_THAT(refusal({"9\ttrue"}), HasSubstr("the migration 9 was begun and has not ended"));
  const auto half = history->half_run({"9\ttrue"});
  ASSERT_TRUE(half);
  EXPECT_EQ(half->migration.revision, "9");
  EXPECT_THAT(revisions(half->applied), ElementsAre("1"));
  EXPECT_THAT(revisions(history->half_run({"1\ttrue"})->applied), IsEmpty());
  EXPECT_FALSE(history->half_run({"9\tfalse"}));
  EXPECT_FALSE(history->half_run({"11\ttrue"}));  // which no file is
  EXPECT_THAT(history->applied({"11\tfalse"}).unknown_revisions, ElementsAre("11"));
  Collected sink;
  applied.applied.front().upgrade(sink);
  EXPECT_EQ(sink.sql.size(), 2U);
  EXPECT_THAT(sink.lines, ElementsAre(1, 3));
}

TEST_F(SqlHistories, Dbmate) {
  write("20240101_a.sql", "-- migrate:up\nCREATE TABLE a ();\n\n-- migrate:down\nDROP TABLE a;\n");
  write("20240202_b.sql", "-- migrate:up transaction:false\nSELECT 1;\n");
  const auto history = open();
  EXPECT_EQ(history->tool(), "dbmate");
  const AppliedHistory applied = history->applied({"20240101"});
  EXPECT_THAT(applied.pending, ElementsAre("20240202"));
  Collected sink;
  applied.applied.front().upgrade(sink);
  EXPECT_THAT(sink.sql, ElementsAre(HasSubstr("CREATE TABLE a")));
  EXPECT_THAT(sink.lines, ElementsAre(2));
}

TEST_F(SqlHistories, Goose) {
  write("00001_a.sql",
        "-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int AS "
        "$$ SELECT 1; $$ LANGUAGE sql;\n-- +goose StatementEnd\n-- +goose Down\n");
  write("00002_b.sql", "-- +goose Up\nSELECT 1;\n");
  const auto history = open();
  EXPECT_EQ(history->tool(), "goose");
  const std::string zero = "00000000000000000001\t0\ttrue";
  const std::string up = "00000000000000000002\t1\ttrue";
  EXPECT_THAT(revisions(history->applied({zero, up})), ElementsAre("1"));
  EXPECT_THAT(revisions(history->applied({zero, up, "00000000000000000003\t1\tfalse"})), IsEmpty());
  EXPECT_THAT(revisions(history->applied({zero})), IsEmpty());
}

TEST_F(SqlHistories, Sqlx) {
  const std::string text = write("20240101000000_init.sql", "CREATE TABLE a ();\n");
  const auto history = open("sqlx");
  EXPECT_THAT(revisions(history->applied({"20240101000000\t" + sha384_of(text) + "\ttrue"})),
              ElementsAre("20240101000000"));
  EXPECT_THAT(history->applied({"20240101000000\t00\ttrue"}).edited, ElementsAre("20240101000000"));
}

TEST_F(SqlHistories, Diesel) {
  write("00000000000000_diesel_initial_setup/up.sql", "SELECT 1;\n");
  write("2024-01-02-030405_create_posts/up.sql", "CREATE TABLE posts ();\n");
  const auto history = open();
  EXPECT_EQ(history->tool(), "diesel");
  EXPECT_THAT(revisions(history->applied({"00000000000000", "20240102030405"})),
              ElementsAre("00000000000000", "20240102030405"));
}

TEST_F(SqlHistories, Flyway) {
  write("V1__init.sql", "CREATE TABLE a ();\n");
  write("V1_2__more.sql", "SELECT 1;\r\nSELECT 2;\n");
  write("V1.10__later.sql", "SELECT 3;\n");
  write("R__views.sql", "CREATE OR REPLACE VIEW v AS SELECT 1;\n");
  write("U1__undo.sql", "DROP TABLE a;\n");
  const auto history = open();
  EXPECT_EQ(history->tool(), "flyway");
  // The CRC-32 of the lines without their ends, signed.
  const std::string one = "0000000001\t1\tSQL\tV1__init.sql\t-376583911\ttrue";
  const AppliedHistory applied = history->applied({one});
  EXPECT_THAT(revisions(applied), ElementsAre("1"));
  EXPECT_THAT(applied.pending, ElementsAre("1.2", "1.10", "R__views.sql"));
  EXPECT_THAT(applied.edited, IsEmpty());
  EXPECT_THAT(history->applied({"0000000001\t1\tSQL\tV1__init.sql\t5\ttrue"}).edited,
              ElementsAre("1"));
  EXPECT_THAT(refusal({one, "0000000002\t1.2\tSQL\tV1_2__more.sql\t\tfalse"}),
              HasSubstr("has not ended"));
  EXPECT_THAT(refusal({one, "0000000002\t2\tJDBC\tV2__X\t\ttrue"}), HasSubstr("the type JDBC"));
  EXPECT_THAT(refusal({one, "0000000002\t\tSQL\tR__views.sql\t7\ttrue"}),
              HasSubstr("R__views.sql has changed since it was applied"));
  // What a baseline covers was never run.
  const AppliedHistory based =
      history->applied({"0000000001\t1.2\tBASELINE\t<< Flyway Baseline >>\t\ttrue"});
  EXPECT_THAT(revisions(based), IsEmpty());
  EXPECT_THAT(based.pending, ElementsAre("1.10", "R__views.sql"));
}

TEST_F(SqlHistories, RefuseWhatTheToolRefuses) {
  write("1_a.up.sql", "");
  write("01_b.up.sql", "");
  try {
    open();
    FAIL() << "two files of one version";
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), HasSubstr("the version 1 is that of"));
  }
}

TEST_F(SqlHistories, RowsOfAnotherTableAreRefused) {
  write("000001_init.up.sql", "SELECT 1;");
  EXPECT_THAT(refusal({"20240101"}), HasSubstr("the row `20240101` of golang-migrate's table"));
}

TEST_F(SqlHistories, APlaceholderIsNotUnderstood) {
  write("V1__init.sql", "SELECT 1;\nCREATE TABLE ${prefix}a ();\n");
  try {
    open();
    FAIL() << "a placeholder was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::NotUnderstood);
    EXPECT_EQ(error.place().line, 2);
  }
}

}  // namespace
}  // namespace driftd

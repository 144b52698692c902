#include "expected_schema/history/statements.h"

#include <gmock/gmock.h>

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> texts(const std::string& sql) {
  std::vector<std::string> result;
  for (const SqlStatement& statement : cut_statements(sql)) result.push_back(statement.sql);
  return result;
}

SqlKind kind_of(const std::string& sql) {
  const auto statements = cut_statements(sql);
  EXPECT_THAT(statements, SizeIs(1)) << sql;
  return statements.empty() ? SqlKind::NotParsed : statements.front().kind;
}

TEST(Statements, AreCutAtSemicolonsThatEndThem) {
  EXPECT_THAT(texts("SELECT 1; SELECT ';'"), ElementsAre("SELECT 1", " SELECT ';'"));
  EXPECT_THAT(texts("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $x$ SELECT 1; $x$; SELECT 2"),
              SizeIs(2));
  EXPECT_THAT(
      texts("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 2"),
      SizeIs(2));
  EXPECT_THAT(texts("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3"),
              SizeIs(2));
}

TEST(Statements, OfNothingAreNone) {
  EXPECT_THAT(texts(""), IsEmpty());
  EXPECT_THAT(texts(" -- only a comment\n /* and /* another */ */ ; "), IsEmpty());
}

TEST(Statements, KnowTheirLine) {
  const auto statements = cut_statements("\n-- why\nSELECT 1;\n\n\nSELECT 2;\n");
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(statements[0].line, 3);
  EXPECT_EQ(statements[1].line, 6);
}

TEST(Statements, CountBytesNotCharacters) {
  EXPECT_THAT(texts("SELECT 'äöü€'; SELECT 'x'"), ElementsAre("SELECT 'äöü€'", " SELECT 'x'"));
}

TEST(Statements, ThatDoNotParseComeBackWhole) {
  const auto statements = cut_statements("CREATE NOVELTY x; SELECT 1");
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(statements[0].kind, SqlKind::NotParsed);
  EXPECT_EQ(statements[0].sql, "CREATE NOVELTY x; SELECT 1");
}

TEST(Statements, ThatRefuseTransactions) {
  for (const char* sql :
       {"CREATE INDEX CONCURRENTLY i ON t (a)", "create unique index concurrently i on t (a)",
        "DROP INDEX CONCURRENTLY i", "REINDEX INDEX CONCURRENTLY i",
        "REINDEX (CONCURRENTLY) TABLE t", "REINDEX DATABASE d", "VACUUM t",
        "ALTER TYPE mood ADD VALUE 'ok'",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok' AFTER 'bad'", "CREATE DATABASE d",
        "DROP DATABASE d", "ALTER SYSTEM SET fsync = off",
        "ALTER TABLE p DETACH PARTITION c CONCURRENTLY", "-- first\nVACUUM"}) {
    EXPECT_EQ(kind_of(sql), SqlKind::RefusesTransaction) << sql;
  }
  for (const char* sql :
       {"CREATE INDEX i ON t (a)", "DROP INDEX i", "REINDEX INDEX i", "ANALYZE t",
        "ALTER TYPE mood RENAME VALUE 'a' TO 'b'", "ALTER TABLE p DETACH PARTITION c",
        "SELECT 'CREATE INDEX CONCURRENTLY'", "INSERT INTO t VALUES (1)"}) {
    EXPECT_EQ(kind_of(sql), SqlKind::Ordinary) << sql;
  }
}

TEST(Statements, OfSpecialKinds) {
  EXPECT_EQ(kind_of("BEGIN"), SqlKind::Begin);
  EXPECT_EQ(kind_of("START TRANSACTION"), SqlKind::Begin);
  EXPECT_EQ(kind_of("COMMIT;"), SqlKind::Commit);
  EXPECT_EQ(kind_of("END"), SqlKind::Commit);
  EXPECT_EQ(kind_of("ROLLBACK"), SqlKind::Rollback);
  EXPECT_EQ(kind_of("ROLLBACK TO SAVEPOINT s"), SqlKind::Ordinary);
  const auto extension = cut_statements("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"");
  ASSERT_THAT(extension, SizeIs(1));
  EXPECT_EQ(extension[0].kind, SqlKind::Extension);
  EXPECT_EQ(extension[0].name, "uuid-ossp");
  const auto role = cut_statements("CREATE USER reader WITH PASSWORD 'x'");
  ASSERT_THAT(role, SizeIs(1));
  EXPECT_EQ(role[0].kind, SqlKind::CreateRole);
  EXPECT_EQ(role[0].name, "reader");
}

}  // namespace
}  // namespace driftd

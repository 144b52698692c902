#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "expected_schema/alembic/upgrade.h"

/// One migration's upgrade(), and the statements that come of it without a database.
namespace driftd::alembic::test {

struct Sink : StatementSink {
  std::vector<std::string> sql;
  std::vector<Statement> statements;
  void run(const Statement& statement) override {
    sql.push_back(statement.sql);
    statements.push_back(statement);
  }
  void pass_over(const Place&) override { sql.emplace_back("PASSED OVER"); }
  void begin_autocommit() override { sql.emplace_back("BEGIN AUTOCOMMIT"); }
  void end_autocommit() override { sql.emplace_back("END AUTOCOMMIT"); }
};

inline constexpr const char* kHead =
    "import sqlalchemy as sa\n"
    "from alembic import op\n"
    "from sqlalchemy.dialects import postgresql\n"
    "from app.types import Money\n"
    "revision = 'r1'\n"
    "down_revision = None\n"
    "def upgrade():\n";  // the body begins on line 8

template <typename Taker = Sink>
Taker upgraded(const std::string& body) {
  Revision revision;
  revision.id = "r1";
  revision.file = "versions/r1.py";
  Taker sink;
  run_upgrade(revision, kHead + body, sink);
  return sink;
}

inline std::vector<std::string> sql(const std::string& body) {
  return upgraded("    " + body + "\n").sql;
}

inline Error refusal(const std::string& body) {
  try {
    upgraded("    " + body + "\n");
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("nothing was refused");
}

}  // namespace driftd::alembic::test

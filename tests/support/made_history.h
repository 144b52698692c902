#pragma once

#include <string>
#include <vector>

#include "expected_schema/base/digest.h"
#include "expected_schema/history/history.h"

namespace driftd::test {

/// A migration of SQL texts; the n-th is at line n of `<revision>.py`. The texts "autocommit" and
/// "end autocommit" are what `autocommit_block()` does; "1? SQL" is run in doubt, as a part of the
/// group 1, and "ask SQL" is a query about the schema.
inline Migration migration(const std::string& revision, const std::vector<std::string>& texts) {
  Migration result;
  result.revision = revision;
  result.message = "message of " + revision;
  result.file = revision + ".py";
  Digest digest;
  for (const std::string& text : texts) digest.add(text);
  result.digest = digest.hex();
  result.upgrade = [revision, texts](StatementSink& sink) {
    int line = 0;
    for (const std::string& text : texts) {
      ++line;
      if (text == "autocommit") {
        sink.begin_autocommit();
      } else if (text == "end autocommit") {
        sink.end_autocommit();
      } else if (text.size() > 3 && text.substr(1, 2) == "? ") {
        const Statement statement{text.substr(3), {revision + ".py", line, 0}, revision};
        const Doubt doubt{"rows", "Look.", static_cast<std::size_t>(text.front() - '0')};
        if (!sink.run_in_doubt(statement, doubt)) {
          throw Error(Reason::NotUnderstood, "refused: " + statement.sql, "", statement.place);
        }
      } else if (text.starts_with("ask ")) {
        sink.query({text.substr(4), {revision + ".py", line, 0}, revision});
      } else {
        sink.run({text, {revision + ".py", line, 0}, revision});
      }
    }
  };
  result.bookkeeping = {"DELETE FROM alembic_version",
                        "INSERT INTO alembic_version (version_num) VALUES ('" + revision + "')"};
  return result;
}

inline AppliedHistory history(std::vector<Migration> migrations) {
  AppliedHistory result;
  result.tool = "alembic";
  result.table = {"", "alembic_version"};
  result.setup = {
      "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, CONSTRAINT "
      "alembic_version_pkc PRIMARY KEY (version_num))"};
  Digest digest;
  for (const Migration& migration : migrations) {
    digest.add(migration.revision).add(migration.digest);
    result.database_revisions = {migration.revision};
  }
  result.heads = result.database_revisions;
  result.digest = digest.hex();
  result.applied = std::move(migrations);
  return result;
}

}  // namespace driftd::test

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftd {

/// What a replay must do differently for a statement.
enum class SqlKind {
  Ordinary,
  RefusesTransaction,  ///< CREATE INDEX CONCURRENTLY, VACUUM, ALTER TYPE ADD VALUE, ...
  Extension,           ///< CREATE or ALTER EXTENSION
  CreateRole,          ///< also CREATE USER and CREATE GROUP
  Begin,
  Commit,
  Rollback,
  NotParsed,  ///< the text as a whole: a newer syntax than that of our parser, or an error
};

struct SqlStatement {
  std::string sql;
  SqlKind kind = SqlKind::Ordinary;
  std::string name;  ///< of the extension or the role
  /// Where CREATE or ALTER EXTENSION leaves the version open: the word before it, VERSION or TO.
  std::string version_word;
  int line = 1;  ///< of the first word, in the text that was cut
};

/// Cuts a text into its statements, without the semicolons. Comments stay with the statement that
/// they precede. A text that does not parse comes back whole; one without a statement gives none.
std::vector<SqlStatement> cut_statements(const std::string& sql);

}  // namespace driftd

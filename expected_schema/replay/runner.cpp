#include "expected_schema/replay/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/replay/extension.h"

namespace driftd {
namespace {

constexpr std::chrono::milliseconds connect_limit{10000};

// The beginning of a statement, enough to know it by.
std::string excerpt(std::string_view sql) {
  constexpr std::size_t most = 200;
  std::string text;
  int lines = 0;
  for (const std::string& line : split(trim(sql), '\n')) {
    if (trim(line).empty()) continue;
    if (lines++ == 3) return text + " ...";
    if (!text.empty()) text += ' ';
    text += trim(line);
  }
  return text.size() <= most ? text : valid_utf8(text.substr(0, most)) + " ...";
}

// Classes of SQLSTATE that speak of rows: data exceptions, violated constraints, what a function
// raised, what no row was found for, more rows than one.
bool about_rows(const Error& error) {
  const std::string_view code = error.sqlstate();
  return code.starts_with("22") || code.starts_with("23") || code.starts_with("P0") ||
         code.starts_with("02") || code.starts_with("21");
}

/// Whether a statement may ask or say how the database is called, as far as its words tell:
/// current_database(), pg_database, ON DATABASE, current_catalog, table_catalog, datname.
bool may_use_name(std::string_view sql) {
  const std::string text = lower(sql);
  for (const std::string_view word : {"database", "datname"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  constexpr std::string_view word = "catalog";
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    if (at < 3 || text.compare(at - 3, 3, "pg_") != 0) return true;
  }
  return false;
}

}  // namespace

Runner::Runner(ScratchDatabase& database, const ReplayOptions& options)
    : database_(database),
      options_(options),
      session_(database.owner(), Limits{connect_limit, options.time_limit}, options.stop),
      doubts_(database.owner_role()) {
  take_live_settings();
}

// What the live server sets for a session of the owner holds for the migrations, too.
void Runner::take_live_settings() {
  for (const auto& [name, value] : database_.target().settings) {
    try {
      session_.query("SELECT pg_catalog.set_config($1, $2, false)", {name, value});
    } catch (const Error& error) {
      if (error.reason() == Reason::Timeout || error.reason() == Reason::Connect) throw;
      database_.note(
          fmt::format("the live database's setting {} = {} does not hold on the scratch "
                      "server: {}",
                      name, value, error.message()));
    }
  }
}

void Runner::finish() {
  take_live_versions(database_, database_.versions_named());
}

void Runner::begin() {
  if (in_transaction_ || autocommit_) return;
  session_.execute("BEGIN");
  in_transaction_ = true;
}

void Runner::commit() {
  if (!in_transaction_) return;
  in_transaction_ = false;
  session_.execute("COMMIT");
}

void Runner::run_own(const std::string& sql) {
  if (may_use_name(sql)) database_.use_name();
  try {
    session_.execute(sql);
  } catch (const Error& error) {
    Statement statement;
    if (migration_) {
      statement.place.file = migration_->file;
      statement.revision = migration_->revision;
    }
    throw failure(error, statement, sql, 1);
  }
}

void Runner::upgrade(const Migration& migration) {
  migration_ = &migration;
  doubts_.certain();
  part_.clear();
  autocommit_ = false;
  begin();
  migration.upgrade(*this);
  autocommit_ = false;
  begin();
  for (const std::string& sql : migration.bookkeeping) run_own(sql);
  try {
    commit();  // deferred constraints speak here
  } catch (const Error& error) {
    throw failure(error, {"COMMIT", {migration.file, 0, 0}, migration.revision}, "COMMIT", 1);
  }
  if (options_.after) options_.after(session_, migration, nullptr);
  migration_ = nullptr;
}

std::optional<Answer> Runner::query(const Statement& statement) {
  if (may_use_name(statement.sql)) database_.use_name();
  try {
    const Rows rows = session_.query(statement.sql);
    Answer answer;
    for (std::size_t column = 0; column < rows.columns(); ++column) {
      answer.columns.emplace_back(rows.name(column));
      answer.types.push_back(rows.type(column));
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
      auto& cells = answer.rows.emplace_back();
      for (std::size_t column = 0; column < rows.columns(); ++column) {
        const auto text = rows.at(row, column);
        if (text == database_.name()) database_.use_name();
        cells.push_back(text ? std::optional(std::string(*text)) : std::nullopt);
      }
    }
    return answer;
  } catch (const Error& error) {
    throw failure(error, statement, statement.sql, 1);
  }
}

// Rows that are not there, or not as the application has them, are no reason to fail: the live
// database had what the statement needed.
void Runner::run_rows_only(const SqlStatement& part, const Place& place) {
  const bool guarded = in_transaction_;
  if (guarded) session_.execute("SAVEPOINT driftd_rows");
  try {
    session_.execute(part.sql);
  } catch (const Error& error) {
    if (error.reason() != Reason::Query || !about_rows(error)) throw;
    if (guarded) session_.execute("ROLLBACK TO SAVEPOINT driftd_rows");
    pass_over(place);
  }
  if (guarded) session_.execute("RELEASE SAVEPOINT driftd_rows");
}

void Runner::try_upgrade(const Migration& migration, std::vector<Error>& failures) {
  failures_ = &failures;
  struct Reset {
    std::vector<Error>*& failures;
    ~Reset() { failures = nullptr; }
  } const reset{failures_};
  try {
    upgrade(migration);
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood && error.reason() != Reason::Replay) throw;
    failures.push_back(error);
    // What it did as far as it was understood is more than nothing for those that build on it.
    autocommit_ = false;
    try {
      commit();
    } catch (const Error&) {
      in_transaction_ = false;
      session_.execute("ROLLBACK");
    }
    begin();
    try {
      for (const std::string& sql : migration.bookkeeping) run_own(sql);
      commit();
    } catch (const Error&) {
      in_transaction_ = false;
      session_.execute("ROLLBACK");
    }
    migration_ = nullptr;
  }
}

void Runner::pass_over(const Place& place) {
  if (passed_over_.file.empty()) passed_over_ = place;
}

void Runner::begin_autocommit() {
  commit();
  autocommit_ = true;
}

void Runner::end_autocommit() {
  autocommit_ = false;
  begin();
}

void Runner::run(const Statement& statement) {
  doubts_.certain();
  part_.clear();
  run_now(statement);
}

void Runner::begin_part(const Statement& statement, const Doubt& doubt) {
  if (!part_.empty() && part_group_ == doubt.group && doubt.group != 0) return;
  part_ = fmt::format("{} {}", statement.revision, to_string(statement.place));
  part_group_ = doubt.group;
  if (options_.in_doubt && doubt.group != 0) options_.in_doubt(part_, statement, doubt);
}

bool Runner::run_in_doubt(const Statement& statement, const Doubt& doubt) {
  begin_part(statement, doubt);
  if (options_.runs_in_doubt) {
    if (options_.runs_in_doubt(part_)) run_now(statement);
    return true;
  }
  const std::vector<SqlStatement> parts = cut_statements(statement.sql);
  const auto is = [](std::initializer_list<SqlKind> kinds) {
    return [kinds](const SqlStatement& part) {
      return std::ranges::find(kinds, part.kind) != kinds.end();
    };
  };
  // What cannot be taken back must not fail half-way.
  const bool alone = std::ranges::any_of(parts, is({SqlKind::RefusesTransaction}));
  if ((alone && parts.size() > 1) ||
      std::ranges::any_of(
          parts, is({SqlKind::Begin, SqlKind::Commit, SqlKind::Rollback, SqlKind::NotParsed}))) {
    return false;
  }
  const bool guarded = in_transaction_ && !alone;
  std::vector<Error>* const failures = std::exchange(failures_, nullptr);
  if (guarded) session_.execute("SAVEPOINT driftd_doubt");
  const bool ran =
      doubts_.run(session_, in_transaction_, statement, doubt, [&] { run_now(statement); });
  failures_ = failures;
  if (guarded) {
    if (!ran) session_.execute("ROLLBACK TO SAVEPOINT driftd_doubt");
    session_.execute("RELEASE SAVEPOINT driftd_doubt");
  } else if (!ran && !autocommit_) {
    begin();
  }
  return ran;
}

std::vector<Undetermined> Runner::undetermined(std::size_t known) {
  if (doubts_.size() <= known) return {};
  return doubts_.now(session_, in_transaction_, known);
}

void Runner::run_now(const Statement& statement) {
  if (statement.sql.find('\0') != std::string::npos) {
    throw Error(Reason::Replay,
                fmt::format("a statement of migration {} has a zero byte", statement.revision),
                "PostgreSQL takes no text with zero bytes.", statement.place);
  }
  if (may_use_name(statement.sql)) database_.use_name();
  run_parts(statement);
  if (options_.after && migration_ && options_.each_statement &&
      options_.each_statement(*migration_)) {
    const bool alone = !in_transaction_;
    if (alone) session_.execute("BEGIN");
    options_.after(session_, *migration_, &statement);
    if (alone) session_.execute("COMMIT");
  }
}

void Runner::run_parts(const Statement& statement) {
  for (const SqlStatement& part : cut_statements(statement.sql)) {
    const bool guarded = failures_ != nullptr && in_transaction_;
    if (guarded) session_.execute("SAVEPOINT driftd_statement");
    try {
      if (statement.rows_only && part.kind == SqlKind::Ordinary) {
        run_rows_only(part, statement.place);
      } else {
        run_part(part);
      }
    } catch (const Error& error) {
      Error told = failure(error, statement, part.sql, part.line);
      if (failures_ == nullptr || told.reason() != Reason::Replay) throw told;
      failures_->push_back(std::move(told));
      if (guarded && in_transaction_) session_.execute("ROLLBACK TO SAVEPOINT driftd_statement");
      begin();
    }
  }
}

void Runner::run_part(const SqlStatement& part) {
  switch (part.kind) {
    case SqlKind::Begin:
      if (in_transaction_) return;
      session_.execute("BEGIN");  // of the migration's own, in an autocommit block
      in_transaction_ = true;
      return;
    case SqlKind::Commit:
      commit();
      begin();
      return;
    case SqlKind::Rollback:
      if (in_transaction_) session_.execute("ROLLBACK");
      in_transaction_ = false;
      begin();
      return;
    case SqlKind::RefusesTransaction:
      run_alone(part.sql);
      return;
    case SqlKind::Extension:
      run_extension(part);
      return;
    case SqlKind::CreateRole:
      // The live server's roles are here already. Roles belong to no database, and no comparison.
      if (!role_exists(part.name)) session_.execute(part.sql);
      return;
    case SqlKind::NotParsed:
      // May end the transaction; a COMMIT without one is only a warning.
      session_.execute(part.sql);
      if (in_transaction_) {
        session_.execute("COMMIT");
        in_transaction_ = false;
        begin();
      }
      return;
    case SqlKind::Ordinary:
      session_.execute(part.sql);
      return;
  }
}

void Runner::run_alone(const std::string& sql) {
  const bool resume = in_transaction_;
  commit();
  session_.execute(sql);
  if (resume) begin();
}

void Runner::run_extension(const SqlStatement& part) {
  const ExtensionRights rights(session_, database_, part);
  session_.execute(with_live_version(session_, database_.target(), part));
  if (part.version_word.empty()) {
    database_.versions_named().insert(part.name);
  } else {
    database_.versions_named().erase(part.name);
  }
}

bool Runner::role_exists(const std::string& name) {
  return session_.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", {name}).size() > 0;
}

Error Runner::failure(const Error& error, const Statement& statement, const std::string& sql,
                      int line) const {
  const std::string revision =
      statement.revision.empty() && migration_ ? migration_->revision : statement.revision;
  const std::string whose =
      revision.empty() ? "the version table" : fmt::format("migration {}", revision);
  std::string hint = error.hint();
  if (error.reason() == Reason::Permission) {
    // Not the live server refuses here, for which the usual hint is meant.
    hint = "Migrations are replayed as the owner of the scratch database, who is no superuser.";
  }
  if (!hint.empty()) hint += ' ';
  hint += fmt::format("The statement{}: {}",
                      line > 1 ? fmt::format(" (line {} of its text)", line) : "", excerpt(sql));
  if (!passed_over_.file.empty()) {
    hint += fmt::format(
        ". The rows that {} writes were passed over, as they are known only when the application "
        "runs.",
        to_string(passed_over_));
  }
  const bool keeps_reason = error.reason() == Reason::Timeout || error.reason() == Reason::Internal;
  const Reason reason = error.reason() == Reason::Connect ? Reason::Scratch
                        : keeps_reason                    ? error.reason()
                                                          : Reason::Replay;
  return {reason, fmt::format("{} does not replay: {}", whose, error.message()), hint,
          statement.place};
}

}  // namespace driftd

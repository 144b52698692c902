#pragma once

#include <memory>
#include <set>
#include <string>

#include "expected_schema/history/statements.h"
#include "expected_schema/replay/doubts.h"
#include "expected_schema/replay/replay.h"

namespace driftd {

/// The session of a replay: takes what migrations emit and runs it as the database's owner.
class Runner : public StatementSink {
 public:
  Runner(ScratchDatabase& database, const ReplayOptions& options);

  /// The migration in a transaction, with what the tool writes down about it.
  void upgrade(const Migration& migration);
  /// A statement of the tool itself, outside a migration.
  void run_own(const std::string& sql);
  /// The same, but statements that fail are left out, and why they do is put into `failures`.
  void try_upgrade(const Migration& migration, std::vector<Error>& failures);
  /// After the last migration.
  void finish();

  /// What is undetermined after what was run so far, of the marks after the first `known` ones.
  std::vector<Undetermined> undetermined(std::size_t known = 0);
  std::size_t doubts() const { return doubts_.size(); }

  void run(const Statement& statement) override;
  bool run_in_doubt(const Statement& statement, const Doubt& doubt) override;
  std::optional<Answer> query(const Statement& statement) override;
  void pass_over(const Place& place) override;
  void begin_autocommit() override;
  void end_autocommit() override;

 private:
  void take_live_settings();
  void run_part(const SqlStatement& part);
  void begin_part(const Statement& statement, const Doubt& doubt);
  void run_now(const Statement& statement);
  void run_parts(const Statement& statement);
  void run_rows_only(const SqlStatement& part, const Place& place);
  void run_alone(const std::string& sql);
  void run_extension(const SqlStatement& part);
  bool role_exists(const std::string& name);
  void begin();
  void commit();
  Error failure(const Error& error, const Statement& statement, const std::string& sql,
                int line) const;

  ScratchDatabase& database_;
  const ReplayOptions& options_;
  Session session_;
  const Migration* migration_ = nullptr;
  Place passed_over_;                       // rows left out; no file: none were
  std::vector<Error>* failures_ = nullptr;  // null: the first one ends the replay
  Doubts doubts_;
  std::string part_;  // of the migration, that is in doubt; empty: certain
  std::size_t part_group_ = 0;
  bool autocommit_ = false;
  bool in_transaction_ = false;
};

}  // namespace driftd

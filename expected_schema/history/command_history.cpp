#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/file_stamp.h"
#include "expected_schema/history/baseline.h"
#include "expected_schema/history/history.h"
#include "expected_schema/history/stored_history.h"
#include "expected_schema/history/substitutes.h"
#include "expected_schema/history/version_rows.h"
#include "expected_schema/history/wrapped_history.h"

namespace driftd {
namespace {

/// What the database says is applied, is: there is nothing to compare it with.
class HistoryWithoutFiles : public History {
 public:
  explicit HistoryWithoutFiles(VersionTable table) : table_(std::move(table)) {}

  std::string tool() const override { return "command"; }
  std::size_t size() const override { return 0; }
  std::vector<std::string> heads() const override { return {}; }
  const VersionTable& version_table() const override { return table_; }
  std::vector<std::string> roots() const override { return {}; }
  AppliedHistory all() const override { return applied({}); }

  AppliedHistory applied(const std::vector<std::string>& revisions) const override {
    AppliedHistory history;
    history.tool = tool();
    history.table = table_;
    history.database_revisions = revisions;
    history.setup = VersionRows(table_).setup();
    Digest digest;
    digest.add(history.tool).add(table_.schema).add(table_.name).add(table_.column);
    for (const std::string& revision : revisions) {
      digest.add(revision);
      Migration migration;
      migration.revision = revision;
      migration.upgrade = [](StatementSink&) {
        throw Error(Reason::Internal, "a migration without a file cannot be replayed");
      };
      history.applied.push_back(std::move(migration));
    }
    history.digest = digest.hex();
    return history;
  }

 private:
  VersionTable table_;
};

/// A history that a command brings about.
class CommandedHistory : public WrappedHistory {
 public:
  CommandedHistory(std::unique_ptr<History> known, MigrationCommand command)
      : WrappedHistory(std::move(known)), command_(std::move(command)), files_(stamp_of(roots())) {}

  std::vector<std::string> roots() const override {
    std::vector<std::string> roots = WrappedHistory::roots();
    if (!command_.directory.empty()) roots.push_back(command_.directory);
    return roots;
  }

 private:
  AppliedHistory changed(AppliedHistory history) const override {
    return by_command(std::move(history), command_, files_);
  }

  MigrationCommand command_;
  std::string files_;
};

}  // namespace

std::unique_ptr<History> open_history(const HistorySource& source) {
  if (!source.snapshot.empty()) return open_stored_history(source.snapshot);
  auto history = source.path.empty()
                     ? history_without_files(source.table)
                     : read_history(source.path, source.table, source.declared, source.tool);
  if (!source.substitutes.empty()) {
    history = with_substitutes(std::move(history), source.substitutes);
  }
  if (!source.baseline.empty()) history = with_baseline(std::move(history), source.baseline);
  if (source.command.words.empty()) return history;
  MigrationCommand command = source.command;
  command.environment = source.declared.environment;
  return std::make_unique<CommandedHistory>(std::move(history), std::move(command));
}

std::unique_ptr<History> history_without_files(const VersionTable& table) {
  VersionTable chosen = table;
  if (chosen.name.empty()) chosen.name = "alembic_version";
  return std::make_unique<HistoryWithoutFiles>(std::move(chosen));
}

AppliedHistory by_command(AppliedHistory history, MigrationCommand command,
                          const std::string& files) {
  Digest digest;
  digest.add("command").add(history.digest).add(files).add(command.directory);
  for (const std::string& word : command.words) digest.add(word);
  for (const auto& [name, value] : command.environment) digest.add(name).add(value);
  history.digest = digest.hex();
  history.command = std::move(command);
  return history;
}

}  // namespace driftd

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/history/history.h"
#include "expected_schema/history/version_rows.h"

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

}  // namespace

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
  history.digest = digest.hex();
  history.command = std::move(command);
  return history;
}

}  // namespace driftd

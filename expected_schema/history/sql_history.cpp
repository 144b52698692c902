#include "expected_schema/history/sql_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/dump.h"
#include "expected_schema/history/sql_readers.h"
#include "expected_schema/history/statements.h"

namespace driftd {
namespace {

constexpr const char* format_of_replay = "sql 1";

class SqlHistory : public History {
 public:
  SqlHistory(std::string path, SqlTool tool, const VersionTable& wanted)
      : path_(std::move(path)),
        tool_(tool),
        table_(version_table_of(tool)),
        migrations_(read_sql_migrations(path_, tool)) {
    if (!wanted.schema.empty()) table_.schema = wanted.schema;
    if (!wanted.name.empty()) table_.name = wanted.name;
    if (tool_ == SqlTool::Sqitch) path_ = sqitch_folder(path_).value_or(path_).string();
    if (tool_ == SqlTool::Structure) path_ = structure_file(path_).value_or(path_).string();
    if (tool_ != SqlTool::Numbered) return;
    if (wanted.column != VersionTable{}.column) table_.column = wanted.column;
    if (table_.name.empty()) {
      throw Error(
          Reason::Settings,
          fmt::format("{} holds plain SQL files, and what is applied of them no tool says", path_),
          "Name the table that says it: version_table in the settings. Or name the tool: "
          "migrations.tool.");
    }
  }

  std::string tool() const override { return std::string(name_of(tool_)); }
  std::size_t size() const override { return migrations_.size(); }
  const VersionTable& version_table() const override { return table_; }
  std::vector<std::string> roots() const override { return {path_}; }
  std::vector<std::string> heads() const override { return {migrations_.back().revision}; }

  AppliedHistory applied(const std::vector<std::string>& rows) const override;
  std::optional<HalfRun> half_run(const std::vector<std::string>& rows) const override;
  AppliedHistory all() const override;

 private:
  AppliedHistory start() const;
  AppliedHistory of_rows(std::vector<AppliedRow> rows) const;
  static Migration migration(const SqlMigration& one);

  std::string path_;
  SqlTool tool_;
  VersionTable table_;
  std::vector<SqlMigration> migrations_;
};

AppliedHistory SqlHistory::start() const {
  AppliedHistory history;
  history.tool = tool();
  history.table = table_;
  history.heads = heads();
  history.keeps_own_table = true;
  history.keeps_own_schema = tool_ == SqlTool::Sqitch;
  history.revisions_of = [tool = tool_](const std::vector<std::string>& rows) {
    std::vector<std::string> revisions;
    for (const AppliedRow& row : decode_rows(tool, rows)) revisions.push_back(row.revision);
    std::ranges::sort(revisions);
    return revisions;
  };
  return history;
}

Migration SqlHistory::migration(const SqlMigration& one) {
  Migration result;
  result.revision = one.revision;
  result.message = one.message;
  result.file = one.file;
  result.digest = digest_of(one.sql);
  result.upgrade = [one](StatementSink& sink) {
    for (const SqlStatement& part : cut_statements(one.sql)) {
      sink.run({one.dump ? for_its_own_transaction(part.sql) : part.sql,
                {one.file, one.line + part.line - 1, 0},
                one.revision,
                false});
    }
  };
  return result;
}

AppliedHistory SqlHistory::all() const {
  AppliedHistory history = start();
  Digest digest;
  digest.add(format_of_replay).add(history.tool).add("all");
  for (const SqlMigration& one : migrations_) {
    history.applied.push_back(migration(one));
    digest.add(one.revision).add(history.applied.back().digest);
  }
  history.digest = digest.hex();
  return history;
}

AppliedHistory SqlHistory::applied(const std::vector<std::string>& rows) const {
  return of_rows(decode_rows(tool_, rows));
}

std::optional<HalfRun> SqlHistory::half_run(const std::vector<std::string>& rows) const {
  std::vector<AppliedRow> decoded = decode_rows(tool_, rows);
  const auto failed = std::ranges::find_if(decoded, &AppliedRow::failed);
  if (failed == decoded.end()) return std::nullopt;
  const AppliedRow row = *failed;
  decoded.erase(failed);
  const auto one = std::ranges::find(migrations_, row.revision, &SqlMigration::revision);
  if (one == migrations_.end() || std::ranges::any_of(decoded, &AppliedRow::failed)) {
    return std::nullopt;
  }
  if (row.up_to && one != migrations_.begin()) {
    AppliedRow before = row;
    before.revision = std::prev(one)->revision;
    before.failed = false;
    decoded.push_back(std::move(before));
  }
  HalfRun half{of_rows(std::move(decoded)), migration(*one)};
  if (!half.applied.unknown_revisions.empty()) return std::nullopt;
  return half;
}

AppliedHistory SqlHistory::of_rows(std::vector<AppliedRow> rows) const {
  AppliedHistory history = start();
  std::map<std::string, AppliedRow> by_revision;
  std::string up_to;
  std::string not_run_up_to;
  for (AppliedRow& row : rows) {
    if (row.failed) {
      throw Error(Reason::History,
                  fmt::format("{} says that the migration {} was begun and has not ended",
                              history.tool, row.revision),
                  "What of it is in the database nobody knows: end or repair it with the tool.");
    }
    history.database_revisions.push_back(row.revision);
    if (row.up_to) up_to = row.revision;
    if (row.not_run) not_run_up_to = row.revision;
    by_revision.emplace(row.revision, std::move(row));
  }
  std::ranges::sort(history.database_revisions);
  const auto position = [&](const std::string& revision) {
    return static_cast<std::size_t>(
        std::ranges::find(migrations_, revision, &SqlMigration::revision) - migrations_.begin());
  };
  const std::size_t last = up_to.empty() ? 0 : position(up_to);
  Digest digest;
  digest.add(format_of_replay).add(history.tool);
  for (std::size_t i = 0; i < migrations_.size(); ++i) {
    const SqlMigration& one = migrations_[i];
    const auto row = by_revision.find(one.revision);
    const bool listed = row != by_revision.end() && !row->second.not_run;
    const bool before = !up_to.empty() && last < migrations_.size() && i <= last;
    if (!listed && !before) {
      const bool skipped = !not_run_up_to.empty() && !one.repeatable &&
                           !version_comes_before(not_run_up_to, one.revision);
      if (!skipped) history.pending.push_back(one.revision);
      continue;
    }
    if (listed && !row->second.checksum.empty() && !one.checksum.empty() &&
        row->second.checksum != one.checksum) {
      if (one.repeatable) {
        throw Error(
            Reason::History,
            fmt::format("{} has changed since it was applied, and waits to be applied again",
                        one.revision),
            "What stands in the database is in no file any more: run the migrations.",
            {one.file, 0, 0});
      }
      history.edited.push_back(one.revision);
    }
    history.applied.push_back(migration(one));
    digest.add(one.revision).add(history.applied.back().digest);
  }
  if (tool_ == SqlTool::Structure && !history.pending.empty()) {
    throw Error(Reason::History,
                fmt::format("structure.sql is of {} migrations that the database has not, {} the "
                            "first of them",
                            history.pending.size(), history.pending.front()),
                "What the schema was before them is in no file: migrate, or give driftd the "
                "structure.sql of the release that migrated this database.");
  }
  for (const auto& [revision, row] : by_revision) {
    if (!row.not_run && position(revision) == migrations_.size()) {
      history.unknown_revisions.push_back(revision);
      digest.add("unknown").add(revision);
    }
  }
  if (!history.unknown_revisions.empty()) history.applied.clear();
  history.digest = digest.hex();
  return history;
}

}  // namespace

std::unique_ptr<History> read_sql_history(const std::string& path, SqlTool tool,
                                          const VersionTable& table) {
  return std::make_unique<SqlHistory>(path, tool, table);
}

}  // namespace driftd

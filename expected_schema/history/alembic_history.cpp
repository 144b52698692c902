#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "expected_schema/alembic/import_roots.h"
#include "expected_schema/alembic/modules.h"
#include "expected_schema/alembic/naming_file.h"
#include "expected_schema/alembic/packages.h"
#include "expected_schema/alembic/revision.h"
#include "expected_schema/alembic/script_directory.h"
#include "expected_schema/alembic/upgrade.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/history.h"
#include "expected_schema/history/sql_history.h"
#include "expected_schema/history/version_rows.h"

namespace driftd {
namespace {

// Part of every digest: to be raised when the same files lead to other statements.
constexpr std::string_view replay_format = "1";

using alembic::Revision;
using alembic::RevisionGraph;

// Whatever is not understood, the tool itself understands.
constexpr const char* other_way_out =
    "Or say in SQL what it does (migrations.substitutes in the settings), or let the tool itself "
    "run "
    "the migrations (migrations.command).";

VersionTable chosen(const alembic::ScriptDirectory& directory, const VersionTable& wanted) {
  const bool said = !wanted.name.empty() || !wanted.schema.empty() || wanted.in_each_schema;
  if (directory.version_table_unread && !said) {
    throw Error(*directory.version_table_unread);
  }
  return {wanted.schema.empty() ? directory.version_table_schema : wanted.schema,
          wanted.name.empty() ? directory.version_table : wanted.name,
          wanted.column,
          {}};
}

// What the migrations are told of it: of settings or env.py, where that can be read.
std::optional<std::string> known_schema(const alembic::ScriptDirectory& directory,
                                        const VersionTable& table) {
  if (directory.version_table_unread && table.schema.empty()) return std::nullopt;
  return table.schema;
}

std::optional<std::map<std::string, std::string>> known_options(
    const alembic::ScriptDirectory& directory) {
  if (directory.options_set_by_env) return std::nullopt;
  return directory.options;
}

class AlembicHistory : public History {
 public:
  AlembicHistory(alembic::ScriptDirectory directory, VersionTable table,
                 const Declarations& declared)
      : directory_(std::move(directory)),
        graph_(alembic::read_revisions(directory_)),
        naming_(alembic::find_naming(directory_)),
        around_(std::make_shared<const alembic::Surroundings>(alembic::Surroundings{
            naming_.naming, directory_.import_roots, known_schema(directory_, table),
            known_options(directory_), declared.environment, declared.environment_complete,
            declared.types, package_folders(declared.packages)})),
        table_(std::move(table)) {
    // What is replayed is what the digest says, whatever happens to the files meanwhile.
    for (const Revision& revision : graph_.revisions()) {
      auto text = std::make_shared<const std::string>(read_file(revision.file));
      if (digest_of(*text) != revision.digest) {
        throw Error(Reason::History, revision.file + " changed while it was read",
                    "driftd reads the files again at the next look.");
      }
      texts_.emplace(revision.id, std::move(text));
    }
    read_beside();
  }

  std::string tool() const override { return "alembic"; }
  std::size_t size() const override { return graph_.revisions().size(); }
  std::vector<std::string> heads() const override {
    auto heads = graph_.heads();
    std::ranges::sort(heads);
    return heads;
  }
  std::vector<std::string> roots() const override;
  const VersionTable& version_table() const override { return table_; }
  AppliedHistory all() const override { return applied(graph_.heads()); }
  AppliedHistory applied(const std::vector<std::string>& revisions) const override;
  AppliedHistory all_and(const std::vector<Draft>& drafts, bool taken_back) const override;

 private:
  void read_beside();
  std::vector<std::string> needs(const Revision& revision) const;
  Migration migration(const Revision& revision, VersionRows& rows) const;

  alembic::ScriptDirectory directory_;
  RevisionGraph graph_;
  alembic::FoundNaming naming_;
  std::shared_ptr<const alembic::Surroundings> around_;
  VersionTable table_;
  std::map<std::string, std::shared_ptr<const std::string>> texts_;
  std::map<std::string, std::string> beside_;  // modules and files that migrations may read: digest
};

// What migrations import, and the files that they may open: what they do depends on it.
void AlembicHistory::read_beside() {
  namespace fs = std::filesystem;
  std::vector<fs::path> revisions;
  std::vector<fs::path> roots;
  for (const Revision& revision : graph_.revisions()) revisions.emplace_back(revision.file);
  for (const std::string& location : directory_.version_locations) roots.emplace_back(location);
  if (!directory_.directory.empty()) {
    roots.emplace_back(directory_.directory);
    roots.push_back(fs::path(directory_.directory).parent_path());
  }
  for (const std::string& root : directory_.import_roots) roots.emplace_back(root);
  std::set<fs::path> folders;
  for (const fs::path& revision : revisions) folders.insert(revision.parent_path());
  for (const fs::path& folder : folders) {
    for (fs::path& above : alembic::folders_above(folder)) roots.push_back(std::move(above));
  }
  const std::vector<fs::path> reached = alembic::reached_modules(revisions, roots);
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (std::ranges::find(revisions, reached[i]) != revisions.end()) continue;
    beside_.emplace(reached[i].string(), digest_of(alembic::module_text(reached[i]).value_or("")));
  }
  std::error_code failed;
  fs::recursive_directory_iterator entry(directory_.directory, failed);
  constexpr std::uintmax_t largest = 64U * 1024U * 1024U;
  for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    const fs::path& file = entry->path();
    const std::string kind = file.extension().string();
    std::error_code ignored;
    const bool other = kind != ".py" && kind != ".pyc" && kind != ".mako" && kind != ".ini";
    if (other && entry->is_regular_file(ignored) && entry->file_size(ignored) <= largest) {
      beside_.emplace(file.string(), digest_of(read_file(file.string())));
    }
  }
}

std::vector<std::string> AlembicHistory::roots() const {
  std::set<std::string> paths(directory_.version_locations.begin(),
                              directory_.version_locations.end());
  paths.insert(directory_.ini);
  if (!directory_.directory.empty()) {
    paths.insert(directory_.directory);
    paths.insert(directory_.directory + "/env.py");
  }
  // A folder's time does not tell of an edit in one of its files.
  for (const Revision& revision : graph_.revisions()) paths.insert(revision.file);
  paths.insert(naming_.files.begin(), naming_.files.end());
  for (const auto& [file, ignored] : beside_) paths.insert(file);
  paths.erase("");
  return {paths.begin(), paths.end()};
}

std::vector<std::string> AlembicHistory::needs(const Revision& revision) const {
  std::vector<std::string> ids = revision.down_revisions;
  for (const std::string& dependency : revision.depends_on) {
    const Revision* found = graph_.find(dependency);
    for (const Revision& other : graph_.revisions()) {
      if (!found &&
          std::ranges::find(other.branch_labels, dependency) != other.branch_labels.end()) {
        found = &other;
      }
    }
    if (found) ids.push_back(found->id);
  }
  for (std::string& id : ids) {
    if (const Revision* found = graph_.find(id)) id = found->id;
  }
  return ids;
}

Migration AlembicHistory::migration(const Revision& revision, VersionRows& rows) const {
  Migration result;
  result.revision = revision.id;
  result.message = revision.message;
  result.file = revision.file;
  result.digest = revision.digest;
  result.upgrade = [revision, text = texts_.at(revision.id),
                    around = around_](StatementSink& sink) {
    try {
      alembic::run_upgrade(revision, *text, sink, *around);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood) throw;
      throw Error(error.reason(), error.message(),
                  error.hint() + (error.hint().empty() ? "" : " ") + other_way_out, error.place());
    }
  };
  result.needs = needs(revision);
  result.bookkeeping = rows.upgrade(revision.id, result.needs);
  return result;
}

AppliedHistory AlembicHistory::applied(const std::vector<std::string>& revisions) const {
  AppliedHistory history;
  history.tool = tool();
  history.table = table_;
  history.database_revisions = revisions;
  std::ranges::sort(history.database_revisions);
  history.heads = heads();
  VersionRows rows(table_);
  history.setup = rows.setup();

  std::vector<std::string> known;
  for (const std::string& id : history.database_revisions) {
    const Revision* found = graph_.find(id);
    (found ? known : history.unknown_revisions).push_back(found ? found->id : id);
  }
  std::set<std::string> applied;
  Digest digest;
  digest.add(replay_format).add(history.tool).add(table_.schema).add(table_.name);
  digest.add(naming_.naming.readable() ? "naming" : "naming unread");
  for (const auto& [key, pattern] : naming_.naming.patterns()) {
    digest.add(key).add(pattern.value_or("?"));
  }
  if (!naming_.naming.tokens().empty()) {
    for (const std::string& file : naming_.files) digest.add(digest_of(read_file(file)));
  }
  for (const auto& [file, content] : beside_) digest.add(file).add(content);
  if (around_->options) {
    for (const auto& [name, value] : *around_->options) digest.add(name).add(value);
  }
  digest.add(around_->environment_complete ? "complete" : "");
  digest.add(stamp_of_packages(around_->packages));
  for (const auto* said : {&around_->types, &around_->environment}) {
    digest.add(std::to_string(said->size()));
    for (const auto& [name, value] : *said) digest.add(name).add(value);
  }
  for (const Revision* revision : graph_.ancestors(known)) {
    applied.insert(revision->id);
    digest.add(revision->id).add(revision->digest);
    history.applied.push_back(migration(*revision, rows));
  }
  for (const std::string& id : history.unknown_revisions) digest.add("unknown").add(id);
  history.digest = digest.hex();
  if (!history.unknown_revisions.empty()) history.applied.clear();
  for (const Revision& revision : graph_.revisions()) {
    if (!applied.contains(revision.id)) history.pending.push_back(revision.id);
  }
  return history;
}

AppliedHistory AlembicHistory::all_and(const std::vector<Draft>& drafts, bool taken_back) const {
  AppliedHistory history = all();
  Digest digest;
  digest.add(history.digest).add(taken_back ? "taken back" : "");
  std::vector<Migration> back;
  for (const Draft& draft : drafts) {
    const Revision revision = alembic::read_revision(draft.file, draft.text);
    Migration made;
    made.revision = revision.id;
    made.message = revision.message;
    made.file = draft.file;
    made.digest = digest_of(draft.text);
    made.needs = revision.down_revisions;
    Migration undone = made;
    undone.revision += " downgrade";
    made.upgrade = [=, around = around_](StatementSink& sink) {
      alembic::run_upgrade(revision, draft.text, sink, *around);
    };
    undone.upgrade = [=, around = around_](StatementSink& sink) {
      alembic::run_downgrade(revision, draft.text, sink, *around);
    };
    digest.add(made.digest);
    history.applied.push_back(std::move(made));
    back.insert(back.begin(), std::move(undone));
  }
  if (taken_back) history.applied.insert(history.applied.end(), back.begin(), back.end());
  history.digest = digest.hex();
  return history;
}

}  // namespace

AppliedHistory History::all_and(const std::vector<Draft>&, bool) const {
  throw Error(Reason::Settings, "drafts of " + tool() + " are not read",
              "Only revisions of Alembic are.");
}

std::unique_ptr<History> read_history(const std::string& path, const VersionTable& table,
                                      const Declarations& declared, const std::string& tool) {
  const auto found = tool.empty() ? find_sql_tool(path) : sql_tool_named(tool);
  if (found) return read_sql_history(path, *found, table);
  alembic::ScriptDirectory directory = alembic::find_script_directory(path);
  VersionTable version_table = chosen(directory, table);
  return std::make_unique<AlembicHistory>(std::move(directory), std::move(version_table), declared);
}

}  // namespace driftd

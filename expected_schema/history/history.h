#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/base/provenance.h"
#include "expected_schema/base/statement.h"
#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/postgres/snapshot.h"

/// Which migrations exist, and which of them a database says it has.
namespace driftd {

/// One migration, ready to be replayed.
struct Migration {
  std::string revision;
  std::string message;
  std::string file;
  std::string digest;              ///< of the file's bytes
  std::vector<std::string> needs;  ///< the revisions that it builds on
  std::function<void(StatementSink&)> upgrade;
  /// What the tool itself writes to its version table once the migration has run.
  std::vector<std::string> bookkeeping;
};

/// Where the tool keeps what is applied.
struct VersionTable {
  std::string schema;  ///< empty: found on the search path, else "public"
  std::string name;
  std::string column = "version_num";  ///< a revision a row
  std::string expression =
      {};  ///< SQL over a row that says more than its revision; empty: the column
  /// Each of many schemas has one: that the migrations do not say where it is, is no mistake.
  bool in_each_schema = false;

  friend bool operator==(const VersionTable&, const VersionTable&) = default;
};

/// A program that brings an empty database to the applied revision, in place of a native replay.
struct MigrationCommand {
  std::vector<std::string> words;  ///< as exec takes them; `{revision}` in one is replaced
  std::string directory;           ///< in which it is started; empty: driftd's own
  std::chrono::milliseconds limit{600000};
  /// Beside the scratch database's address: `environment` of the settings.
  std::map<std::string, std::string> environment = {};

  friend bool operator==(const MigrationCommand&, const MigrationCommand&) = default;
};

/// A schema that was written down beforehand; see StoredHistory.
class StoredSchema {
 public:
  virtual ~StoredSchema() = default;
  /// Throws Error{ServerVersion, History, Settings} where it was written for another server major,
  /// by another driftd, or with another scope.
  virtual Catalogue catalogue(const Target& target, const Scope& scope,
                              std::vector<std::string>& notes) const = 0;
  virtual std::map<ObjectId, Origin> origins(const std::vector<ObjectId>& ids) const = 0;
};

/// A history against a database's version table.
struct AppliedHistory {
  std::string tool;  ///< "alembic"
  VersionTable table;
  std::vector<std::string> database_revisions;  ///< the rows of the version table, sorted
  std::vector<std::string> unknown_revisions;   ///< of those, the ones no file has
  std::vector<std::string> heads;               ///< on disk, sorted
  std::vector<Migration> applied;               ///< in replay order; empty where any is unknown
  std::vector<std::string> pending;             ///< revisions on disk that are not applied
  std::vector<std::string> edited;  ///< applied with another content, as the tool's table says
  std::vector<std::string> setup;   ///< DDL of the tool's own version table
  std::vector<Migration> before;    ///< what stands before the first migration, see with_baseline()
  bool keeps_own_table = false;     ///< the tool's table is no part of the expected schema
  bool keeps_own_schema = false;    ///< nor is the schema of that table, with all that is in it
  /// The schema that the search path begins with, in which the version table is too where it has no
  /// schema of its own; empty: as the target says. The setup makes it.
  std::string made_in = {};
  /// The revisions that rows of the version table mean; null: each row is one.
  std::function<std::vector<std::string>(const std::vector<std::string>&)> revisions_of;
  std::string digest;                          ///< of everything a replay of it depends on
  std::optional<MigrationCommand> command;     ///< what brings a database there; nothing: replay
  std::shared_ptr<const StoredSchema> stored;  ///< what it leaves; null: a scratch database tells
};

/// A migration that was begun and has not ended, and what was applied before it.
struct HalfRun {
  AppliedHistory applied;
  Migration migration;
};

/// A migration that is not on disk, as its file would be.
struct Draft {
  std::string file;  ///< its name, for messages
  std::string text;
};

/// A history on disk. One implementation a tool.
class History {
 public:
  virtual ~History() = default;
  virtual std::string tool() const = 0;
  virtual std::size_t size() const = 0;
  virtual std::vector<std::string> heads() const = 0;
  virtual const VersionTable& version_table() const = 0;
  /// The files and folders it was read from, so that a caller can tell cheaply (by stat) whether
  /// it must be read anew: settings file, script directory, version locations.
  virtual std::vector<std::string> roots() const = 0;
  /// Replays what `revisions` need. An empty list is a database without any.
  virtual AppliedHistory applied(const std::vector<std::string>& revisions) const = 0;
  /// Of rows that say so of one migration, which applied() refuses. Nothing: they do not, or of a
  /// migration that is not on disk.
  virtual std::optional<HalfRun> half_run(const std::vector<std::string>& /*revisions*/) const {
    return std::nullopt;
  }
  /// All migrations on disk.
  virtual AppliedHistory all() const = 0;
  /// All migrations on disk, then the drafts in their order; and, where `taken_back`, their
  /// downgrades, the last first. Throws Error{Settings} for a tool of which driftd reads no drafts,
  /// Error{NotUnderstood} for a draft that is none.
  virtual AppliedHistory all_and(const std::vector<Draft>& drafts, bool taken_back) const;
};

/// What migrations need to know and only an operator can tell.
struct Declarations {
  std::map<std::string, std::string> types;  ///< dotted name in Python to PostgreSQL's type
  std::map<std::string, std::string> environment;
  /// Whether a variable that stands not in `environment` was not set when the migrations ran.
  bool environment_complete = false;
  /// Folders with packages of others that migrations import: virtualenvs, or site-packages.
  std::vector<std::string> packages;

  friend bool operator==(const Declarations&, const Declarations&) = default;
};

/// Reads the history at `path` (see alembic::find_script_directory). Every file is read anew.
/// Throws Error{Settings, History, NotUnderstood}.
/// `table` overrides what the history says of its version table; empty parts do not.
/// `tool`: "alembic" or one of SqlTool's names; empty: by the marks of its files.
std::unique_ptr<History> read_history(const std::string& path, const VersionTable& table = {},
                                      const Declarations& declared = {},
                                      const std::string& tool = {});

/// The history of a tool whose files are not read: all that is known of it is the version table,
/// `alembic_version` where `table` names none.
std::unique_ptr<History> history_without_files(const VersionTable& table = {});

/// The same history, brought about by a command. `files`: a digest of what the command reads.
AppliedHistory by_command(AppliedHistory history, MigrationCommand command,
                          const std::string& files);

/// Where a history is found, and what brings it about.
struct HistorySource {
  std::string path;  ///< empty: its files are not read, which needs a command
  std::string tool;  ///< "alembic", or of SqlTool; empty: found
  VersionTable table;
  Declarations declared;
  MigrationCommand command;  ///< no words: the migrations are read
  std::string baseline;      ///< a file of SQL, see with_baseline(); empty: none
  std::map<std::string, std::string> substitutes;  ///< files of SQL, see with_substitutes()
  std::string snapshot;  ///< a file of `driftd snapshot`; then nothing else is needed

  friend bool operator==(const HistorySource&, const HistorySource&) = default;
};

/// With a command the history is what its files say, where they are named, and is brought about
/// anew when one of them, or one in the command's directory, has changed. Throws what read_history
/// throws.
std::unique_ptr<History> open_history(const HistorySource& source);

/// The rows of the version table. Nothing: there is no such table (a database before its first
/// migration, or the wrong database: the caller decides). Throws Error{Permission} with the GRANT
/// to run when the table may not be read. Finds the table by catalogue joins, never by regclass.
std::optional<std::vector<std::string>> read_version_table(Snapshot& snapshot,
                                                           const VersionTable& table);

/// The role that owns the version table, which is the one that runs the migrations; empty where
/// there is no such table.
std::string owner_of_version_table(Snapshot& snapshot, const VersionTable& table);

}  // namespace driftd

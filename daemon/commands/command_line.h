#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/judge/impact.h"
#include "daemon/settings/settings.h"

namespace driftd {

enum class Command {
  Serve,
  Check,
  Diff,
  Explain,
  History,
  CheckConfig,
  PrintConfig,
  Snapshot,
  PrintModels,
  Plan,
  Log,
  DdlLog,
  Healthcheck,
  Version
};

/// What flags and `DRIFTD_*` variables say; they are stronger than the settings file.
struct Overrides {
  std::string config_file;
  std::string database;
  std::string migrations;
  std::string migrations_command;
  std::string models_path;
  std::vector<std::string> models_packages;
  std::vector<std::string> migrations_packages;
  bool environment_complete = false;
  std::string models_command;
  std::string migrations_baseline;
  std::string expected_snapshot;
  std::vector<std::string> listen;
  std::optional<bool> enable_lifecycle;
  std::string external_url;
  std::string log_level;
  std::string log_format;
  std::string scratch_bindir;
  std::string scratch_conninfo;
  std::string interval;
};

enum class Format { Human, Json, Github, Sarif };

struct CommandLine {
  std::size_t most = 50;  ///< log --limit
  std::string state;      ///< log --state
  std::string role;       ///< ddl-log --role
  bool unlogged = false;  ///< ddl-log --unlogged
  bool remove = false;    ///< ddl-log --remove
  std::string database;   ///< log --name
  Command command = Command::Serve;
  Overrides overrides;
  bool models = false;  ///< check --models
  Format format = Format::Human;
  Impact fail_on = Impact::Risky;  ///< the least impact that is exit code 2
  bool no_color = false;
  std::vector<std::string> databases;  ///< diff: the first and the second
  std::vector<std::string> schemas;    ///< diff: as the settings; empty: what the settings say
  std::vector<std::string> exclude_schemas;
  std::vector<std::string> groups;
  std::string output;  ///< snapshot: the file to write; `-` is stdout
  std::string object;  ///< explain: an object's identity, or a finding's fingerprint
  std::string url;     ///< healthcheck: where to ask; empty: the first address
};

/// What the arguments ask for, or the exit code where the answer is already given (--help, or a
/// mistake that was told on stderr).
struct Parsed {
  std::optional<CommandLine> command_line;
  int exit_code = 0;
};
Parsed parse_command_line(int argc, const char* const* argv);

/// Settings of the one history that `driftd history` is about; a database is not needed. Throws
/// Error{Settings}.
DatabaseSettings history_settings(const Overrides& overrides);

/// Settings of the one database whose models a command is about; neither a database nor migrations
/// are needed. Throws Error{Settings}.
DatabaseSettings models_settings(const Overrides& overrides);

/// The settings file, the overrides laid over it, and what a database needs present. Throws
/// Error{Settings}.
Settings effective_settings(const Overrides& overrides);

}  // namespace driftd

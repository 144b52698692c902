#pragma once

#include <string>
#include <string_view>

/// The optional DDL log: a table of the watched database into which event triggers write who
/// changed the schema. driftd prints the SQL that makes it, and installs nothing.
namespace driftd::ddl_log {

struct Installation {
  std::string role;       ///< that may read the log; empty: the file says what to grant
  bool unlogged = false;  ///< no rows in replication, and none after a crash
};

/// The SQL that installs the log, or brings an older one to this version.
std::string install_sql(const Installation& installation);
/// The SQL that takes it away.
std::string remove_sql();

/// What a role needs to read the log, as two statements.
std::string grants_to(const std::string& role);

/// The body of the log's function, as pg_proc.prosrc has it.
std::string_view function_body();

/// The files themselves; `{persistence}` and `{grants}` are filled in by install_sql().
extern const std::string_view install_template;
extern const std::string_view remove_template;

}  // namespace driftd::ddl_log

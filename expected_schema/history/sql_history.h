#pragma once

#include <memory>
#include <string>

#include "expected_schema/history/history.h"
#include "expected_schema/history/sql_tools.h"

namespace driftd {

/// A folder of SQL files as a history. `table` overrides the tool's own schema and table name.
/// Throws Error{History, NotUnderstood}.
std::unique_ptr<History> read_sql_history(const std::string& path, SqlTool tool,
                                          const VersionTable& table);

}  // namespace driftd

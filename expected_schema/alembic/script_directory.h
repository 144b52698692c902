#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/revision.h"

namespace driftd::alembic {

/// What alembic.ini and env.py say about a history.
struct ScriptDirectory {
  std::string ini;                             ///< empty where there is none
  std::string directory;                       ///< script_location
  std::vector<std::string> version_locations;  ///< folders of revision files
  std::string version_table = "alembic_version";
  std::string version_table_schema;  ///< empty: the first schema of the search path
  bool recursive = false;
  /// Where env.py says of the version table what cannot be read; settings may say it instead.
  std::optional<Error> version_table_unread;
  /// The ini's section [alembic], and whether env.py sets options beside it.
  std::map<std::string, std::string> options;
  bool options_set_by_env = false;
  /// Folders in which modules that migrations import are looked for, in this order.
  std::vector<std::string> import_roots;
};

/// Finds the script directory from what a user points at: an alembic.ini, a folder with one, the
/// script directory (has `versions/`), or the folder of revision files itself. `%(here)s` and
/// relative paths are taken as Alembic takes them (relative to the ini's folder).
/// Reads `version_table` and `version_table_schema` from env.py's `context.configure(...)` where
/// they are written there as literals or module constants.
/// Throws Error{Settings} that names what was looked for and where.
ScriptDirectory find_script_directory(const std::string& path);

/// Every `*.py` of the version locations, but for those that begin with `_` or `.`, as Alembic
/// reads them. Throws what read_revision throws.
std::vector<Revision> read_revisions(const ScriptDirectory& directory);

}  // namespace driftd::alembic

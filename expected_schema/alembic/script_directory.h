#pragma once

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

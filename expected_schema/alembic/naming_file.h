#pragma once

#include <string>
#include <vector>

#include "expected_schema/alembic/naming.h"
#include "expected_schema/alembic/script_directory.h"

namespace driftd::alembic {

/// What env.py's `target_metadata` says of names, as far as it is in the mounted tree.
struct FoundNaming {
  NamingConvention naming;
  std::vector<std::string> files;  ///< that it was read from
};

/// Looks for `naming_convention` in env.py, in what it imports from the mounted tree (from the
/// folder of alembic.ini, its `src`, and the folders around the script directory), and else in the
/// Python files beside alembic.ini. A convention that is there but cannot be read without running
/// the application comes back as unreadable, as do two that differ. None where env.py gives
/// Alembic no metadata, or where nothing mounted speaks of one.
FoundNaming find_naming(const ScriptDirectory& directory);

}  // namespace driftd::alembic

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace driftd::alembic {

/// The folders in which modules that migrations import are looked for, in this order: those of
/// `prepend_sys_path`, the one that holds the package which the script directory is a part of, the
/// project's, and those above the script directory that hold what its env.py imports. `ini` is
/// empty where there is none; `said` are its values.
std::vector<std::string> import_roots(const std::filesystem::path& ini,
                                      const std::map<std::string, std::string>& said,
                                      const std::filesystem::path& script_directory);

/// The folders above one of revisions, the nearest first, each with its `src`, in which what
/// migrations import is looked for last: it was importable when they ran.
std::vector<std::filesystem::path> folders_above(const std::filesystem::path& revisions);

/// The packages and modules that an env.py imports, by their first names, but for those of Python
/// and of libraries that are known.
std::vector<std::string> packages_of_env(const std::filesystem::path& env);

}  // namespace driftd::alembic

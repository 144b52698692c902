#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Which files of the mounted tree a Python file imports, by its text alone.
namespace driftd::alembic {

/// `import a.b, c` and `from .a import b, c` anywhere in a text; b may be a module too.
std::vector<std::string> imported_modules(const std::string& text);

/// The text of a file that is small enough to be a module.
std::optional<std::string> module_text(const std::filesystem::path& file);

/// The file of a module, dotted; `from` is the folder that relative names begin in.
std::optional<std::filesystem::path> module_file(std::string name,
                                                 const std::filesystem::path& from,
                                                 const std::vector<std::filesystem::path>& roots);

/// The files, what they import from below the roots, and what that imports, in the order of their
/// discovery; a few thousand at most.
std::vector<std::filesystem::path> reached_modules(const std::vector<std::filesystem::path>& files,
                                                   const std::vector<std::filesystem::path>& roots);

}  // namespace driftd::alembic

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/history/sql_tools.h"

/// Layouts that need more than the names of files; read_sql_migrations puts them together.
namespace driftd {

/// The folder that holds `sqitch.plan`: the given one, or its parent where `deploy` is given.
std::optional<std::filesystem::path> sqitch_folder(const std::filesystem::path& path);
/// The changes of the plan with their deploy scripts, in its order. Of a change that was reworked
/// the first instance has the plain name, and later ones are `name/2`, `name/3`, as
/// version_table_of counts them. Throws Error{History} with the plan's line.
std::vector<SqlMigration> read_sqitch(const std::filesystem::path& folder);

/// Rails' `structure.sql`: the file itself, in the folder, or in its `db`.
std::optional<std::filesystem::path> structure_file(const std::filesystem::path& path);
/// One migration for each version that the file says it has; the last of them is the whole file,
/// the others do nothing. Throws Error{History} where it names none.
std::vector<SqlMigration> read_structure(const std::filesystem::path& file);

}  // namespace driftd

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Python as a team writes its migrations.
namespace driftd::plan {

/// A string literal.
std::string quoted(std::string_view text);
/// A literal that may have line breaks: in three quotes where it has any.
std::string quoted_text(std::string_view text);
/// `["a", "b"]`.
std::string quoted_list(const std::vector<std::string>& items);

/// SQLAlchemy's expression of a PostgreSQL type, as format_type prints it; nothing for one that is
/// better written as SQL.
std::optional<std::string> type_expression(const std::string& type);

}  // namespace driftd::plan

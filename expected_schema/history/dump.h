#pragma once

#include <string>

/// SQL as pg_dump writes it for psql.
namespace driftd {

/// The text without psql's own lines, which a newer pg_dump writes around its output; lines keep
/// their numbers. Throws Error{History} with the line for what only psql runs (COPY's rows,
/// commands with a backslash).
std::string without_psql(const std::string& text, const std::string& file);

/// A statement of a dump, so that what it sets for its session does not hold for what runs after
/// its transaction.
std::string for_its_own_transaction(std::string sql);

}  // namespace driftd

#pragma once

#include <optional>
#include <string>

namespace driftd::alembic {

/// An argument of env.py's `context.configure(...)`, such as `version_table`, read from its text: a
/// string literal, or a name that the module sets to one. Nothing where env.py does not give it or
/// gives None. Throws Error{Settings} with the line where it is given otherwise, or differently in
/// two places.
std::optional<std::string> configured(const std::string& file, const std::string& text,
                                      const std::string& argument);

}  // namespace driftd::alembic

#pragma once

#include <string_view>

namespace driftd::alembic {

/// Whether a dotted path is of a library that is no part of an application and changes no schema:
/// what a call of it gives is not known, and does not have to be.
bool is_library(std::string_view path);

/// Whether it is of a module of Python's own, or one like it, whose calls neither change a schema
/// nor are needed to know one.
bool is_harmless(std::string_view path);

}  // namespace driftd::alembic

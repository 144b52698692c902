#pragma once

#include <string_view>
#include <vector>

#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// Whether a function of a module that is not mounted can only compute: the module is no part of
/// the application, whose first names `application` are, and no way to a database; the function's
/// name is of nothing that is done; and it is given neither code nor objects that could do it. What
/// it gives is known only when the application runs.
bool only_computes_elsewhere(std::string_view path, const python::Arguments& given,
                             const std::vector<std::string>& application);

/// Whether a function is named for a look at what it is given: `validate_key`, `check_name`.
bool names_a_check(std::string_view path);

}  // namespace driftd::alembic

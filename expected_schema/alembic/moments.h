#pragma once

#include <optional>
#include <string>

#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// What Python's `str()` gives of a `datetime.timedelta`, `datetime.date` or `datetime.datetime`
/// whose arguments are known (docs.python.org, library/datetime). Nothing for other values, and for
/// a moment with a time zone.
std::optional<std::string> text_of_moment(const python::Value& value);

}  // namespace driftd::alembic

#pragma once

#include <optional>
#include <string_view>

#include "expected_schema/python/value.h"

/// What of Python's library differs from one run to the next.
namespace driftd::alembic {

/// Of a name or a call of it; nothing for every other path.
std::optional<python::Value> known_at_run_time(std::string_view path, const Place& place);
/// The outcome of a call that differs from one run to the next; the function itself does not.
std::optional<python::Value> outcome_at_run_time(std::string_view path, const Place& place);

}  // namespace driftd::alembic

#pragma once

#include <optional>
#include <string_view>

namespace driftd::models {

/// What a library's module declares that models inherit columns from, as source of our own in its
/// place. Nothing for a module that needs none.
std::optional<std::string_view> stand_in(std::string_view module);

}  // namespace driftd::models

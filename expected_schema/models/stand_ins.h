#pragma once

#include <optional>
#include <string_view>

namespace driftd::models {

/// What a library's module declares that models inherit columns from, as source of our own in its
/// place. Nothing for a module that needs none.
std::optional<std::string_view> stand_in(std::string_view module);

/// The module of ours with library_mixin()'s classes.
inline constexpr std::string_view kMixins = "driftd.mixins";

/// The class, in that module, for one of a library whose other classes are no mixins; empty where
/// there is none.
std::string_view library_mixin(std::string_view path);

}  // namespace driftd::models

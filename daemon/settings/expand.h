#pragma once

#include <string>
#include <vector>

namespace driftd {

/// Text with `${VAR}` and `${VAR:-default}` replaced from the environment; `$${` is a literal
/// `${`. Each variable that is not set and has no default, and each brace that does not close,
/// adds a line to `mistakes`.
std::string expand_environment(const std::string& text, std::vector<std::string>& mistakes);

/// The reverse for text that holds `${` itself.
std::string escape_expansion(const std::string& text);

/// A conninfo or URI with every password in it replaced by `<secret>`.
std::string redact_conninfo(const std::string& conninfo);

}  // namespace driftd

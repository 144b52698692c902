#pragma once

#include <map>
#include <string>

#include "expected_schema/postgres/endpoint.h"

namespace driftd {

/// The options that a conninfo or a URI of libpq names, without libpq's defaults. Throws
/// Error{Settings} without any text that could be a password.
std::map<std::string, std::string> parse_conninfo(const std::string& conninfo);

}  // namespace driftd

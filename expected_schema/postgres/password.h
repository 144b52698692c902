#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "expected_schema/postgres/endpoint.h"

namespace driftd {

/// The password of the endpoint's file or command, read now; nothing where it has neither. One
/// trailing line break is dropped. Throws Error{Settings} when the file cannot be read or the
/// command fails, Error{Timeout} when the command takes longer than its limit; none of them shows
/// what was read.
std::optional<std::string> read_password(const Endpoint& endpoint, const std::stop_token& stop);

}  // namespace driftd

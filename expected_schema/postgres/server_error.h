#pragma once

#include <string>
#include <string_view>

#include "expected_schema/base/error.h"

namespace driftd {

/// The Error for a message as libpq renders it ("ERROR:  text\nDETAIL:  ...\nHINT:  ...") and its
/// SQLSTATE, which is empty where the server did not speak at all.
Error server_error(std::string_view sqlstate, std::string_view message);

/// The Error for a connection that could not be made; `message` is libpq's at verbosity VERBOSE,
/// so that the SQLSTATE stands in it whatever language the server speaks.
Error connect_error(const std::string& whereto, std::string_view message);

}  // namespace driftd

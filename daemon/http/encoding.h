#pragma once

#include <string>
#include <string_view>

namespace driftd::http {

/// Whether an Accept-Encoding header wants gzip more than nothing (RFC 9110, 12.5.3): q-values
/// count, `*` stands for what is not named, no header means no.
bool accepts_gzip(std::string_view accept_encoding);

/// Throws std::runtime_error when zlib refuses.
std::string gzip(std::string_view text);

/// The path of a request target, `%xx` decoded, without query; `http://host/path` gives `/path`.
/// Empty for a broken escape or one of a NUL byte.
std::string decoded_path(std::string_view target);

}  // namespace driftd::http

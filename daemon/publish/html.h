#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/judge/report.h"

/// The parts that HTML is put together of.
namespace driftd::html {

/// For text and for attribute values in double quotes. Control characters that HTML forbids
/// become U+FFFD.
std::string escaped(std::string_view bytes);
/// A path segment of a URL (RFC 3986).
std::string path_segment(std::string_view text);
/// How long ago; "never" for no time.
std::string time_tag(Time time, Time now);
/// Of a `<dl>`; `html` is taken as it is.
std::string row(std::string_view name, std::string_view html);

/// As code; a word for what is absent, and for what is empty.
std::string value(const std::optional<std::string>& given);

}  // namespace driftd::html

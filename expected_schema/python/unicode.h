#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Text is UTF-8; Python counts code points.
namespace driftd::python {

std::size_t characters(std::string_view text);
/// The code points from `first` up to `last`, which is not beyond the end.
std::string_view character_range(std::string_view text, std::size_t first, std::size_t last);
void append_utf8(std::string& text, std::uint32_t code_point);
/// The code point at a byte, and where the next one begins.
std::uint32_t code_point_at(std::string_view text, std::size_t& at);
bool is_ascii(std::string_view text);

}  // namespace driftd::python

#include "expected_schema/python/unicode.h"

#include <algorithm>

namespace driftd::python {
namespace {
bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}
}  // namespace

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string_view character_range(std::string_view text, std::size_t first, std::size_t last) {
  std::size_t at = 0;
  const auto skip = [&](std::size_t count) {
    for (; count > 0 && at < text.size(); --count) {
      ++at;
      while (at < text.size() && continues(text[at])) ++at;
    }
  };
  skip(first);
  const std::size_t begin = at;
  skip(last - first);
  return text.substr(begin, at - begin);
}

void append_utf8(std::string& text, std::uint32_t code_point) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0U | (code_point >> 6U));
    byte(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    byte(0xE0U | (code_point >> 12U));
    byte(0x80U | ((code_point >> 6U) & 0x3FU));
    byte(0x80U | (code_point & 0x3FU));
  } else {
    byte(0xF0U | (code_point >> 18U));
    byte(0x80U | ((code_point >> 12U) & 0x3FU));
    byte(0x80U | ((code_point >> 6U) & 0x3FU));
    byte(0x80U | (code_point & 0x3FU));
  }
}

std::uint32_t code_point_at(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  std::uint32_t code_point = lead < 0x80   ? lead
                             : lead < 0xE0 ? lead & 0x1FU
                             : lead < 0xF0 ? lead & 0x0FU
                                           : lead & 0x07U;
  while (at < text.size() && continues(text[at])) {
    code_point = (code_point << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return code_point;
}

}  // namespace driftd::python

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftd {

/// A line of a unified diff: `-` only expected, `+` only actual, ` ` both, `@` lines left out.
struct DiffLine {
  char mark = ' ';
  std::string text;

  friend bool operator==(const DiffLine&, const DiffLine&) = default;
};

/// What differs between two texts, line by line, with `context` equal lines around it.
std::vector<DiffLine> line_diff(std::string_view expected, std::string_view actual,
                                std::size_t context = 2);

}  // namespace driftd

#include "daemon/publish/line_diff.h"

#include <algorithm>
#include <cstdint>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

using Lines = std::vector<std::string>;

void append(std::vector<DiffLine>& diff, char mark, const Lines& lines, std::size_t from,
            std::size_t to) {
  for (std::size_t i = from; i < to; ++i) diff.push_back({mark, lines[i]});
}

/// The part between equal beginnings and ends, by the longest common subsequence.
void append_middle(std::vector<DiffLine>& diff, const Lines& left, const Lines& right,
                   std::size_t front, std::size_t left_end, std::size_t right_end) {
  const std::size_t rows = left_end - front;
  const std::size_t columns = right_end - front;
  constexpr std::size_t most_cells = 4'000'000;  // beyond it, all of one and all of the other
  if (rows * columns > most_cells) {
    append(diff, '-', left, front, left_end);
    append(diff, '+', right, front, right_end);
    return;
  }
  std::vector<std::uint32_t> common((rows + 1) * (columns + 1), 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
    return common[i * (columns + 1) + j];
  };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      at(i, j) = left[front + i] == right[front + j] ? at(i + 1, j + 1) + 1
                                                     : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && left[front + i] == right[front + j]) {
      diff.push_back({' ', left[front + i]});
      ++i;
      ++j;
    } else if (i < rows && (j == columns || at(i + 1, j) >= at(i, j + 1))) {
      diff.push_back({'-', left[front + i++]});
    } else {
      diff.push_back({'+', right[front + j++]});
    }
  }
}

/// Leaves out equal lines that are far from every change.
std::vector<DiffLine> shortened(const std::vector<DiffLine>& diff, std::size_t context) {
  std::vector<bool> shown(diff.size(), false);
  for (std::size_t i = 0; i < diff.size(); ++i) {
    if (diff[i].mark == ' ') continue;
    const std::size_t from = i > context ? i - context : 0;
    const std::size_t to = std::min(diff.size(), i + context + 1);
    for (std::size_t near = from; near < to; ++near) shown[near] = true;
  }
  std::vector<DiffLine> result;
  for (std::size_t i = 0; i < diff.size(); ++i) {
    if (shown[i]) {
      result.push_back(diff[i]);
    } else if (result.empty() || result.back().mark != '@') {
      result.push_back({'@', "..."});
    }
  }
  return result;
}

}  // namespace

std::vector<DiffLine> line_diff(std::string_view expected, std::string_view actual,
                                std::size_t context) {
  const Lines left = split(expected, '\n');
  const Lines right = split(actual, '\n');
  const std::size_t shorter = std::min(left.size(), right.size());
  std::size_t front = 0;
  while (front < shorter && left[front] == right[front]) ++front;
  std::size_t back = 0;
  while (back < shorter - front && left[left.size() - 1 - back] == right[right.size() - 1 - back]) {
    ++back;
  }
  std::vector<DiffLine> diff;
  append(diff, ' ', left, 0, front);
  append_middle(diff, left, right, front, left.size() - back, right.size() - back);
  append(diff, ' ', left, left.size() - back, left.size());
  return shortened(diff, context);
}

}  // namespace driftd

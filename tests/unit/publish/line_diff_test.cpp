#include "daemon/publish/line_diff.h"

#include <gmock/gmock.h>

#include <random>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

std::string diff_text(std::string_view expected, std::string_view actual, std::size_t context = 2) {
  std::string text;
  for (const DiffLine& line : line_diff(expected, actual, context)) {
    text += line.mark + line.text + "|";
  }
  return text;
}

TEST(LineDiff, ShowsWhatChangedAndWhatIsNear) {
  EXPECT_EQ(diff_text("a\nb\nc", "a\nx\nc"), " a|-b|+x| c|");
  EXPECT_EQ(diff_text("1\n2\n3\n4\n5\n6\n7", "1\n2\n3\nx\n5\n6\n7", 1), "@...| 3|-4|+x| 5|@...|");
  EXPECT_EQ(diff_text("a", "a\nb"), " a|+b|");
  EXPECT_EQ(diff_text("", "b"), "-|+b|");
  EXPECT_EQ(diff_text("a\nb", "a\nb"), "@...|");
}

TEST(LineDiff, GivesBothTextsBack) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> left;
    std::vector<std::string> right;
    for (std::size_t n = random() % 8; n > 0; --n)
      left.push_back(std::string(1, "abc"[random() % 3]));
    for (std::size_t n = random() % 8; n > 0; --n)
      right.push_back(std::string(1, "abc"[random() % 3]));
    std::vector<std::string> minus;
    std::vector<std::string> plus;
    const std::string expected = join(left, "\n");
    const std::string actual = join(right, "\n");
    const auto diff = line_diff(expected, actual, 100);
    if (expected == actual) continue;
    for (const DiffLine& line : diff) {
      if (line.mark != '+') minus.push_back(line.text);
      if (line.mark != '-') plus.push_back(line.text);
    }
    EXPECT_EQ(join(minus, "\n"), expected);
    EXPECT_EQ(join(plus, "\n"), actual);
  }
}

TEST(LineDiff, GivesUpOnHugeTextsAndNotOnTheReader) {
  std::string left;
  std::string right;
  for (int i = 0; i < 3000; ++i) {
    left += "l" + std::to_string(i) + "\n";
    right += "r" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(line_diff(left, right).size(), 6001U);
}

}  // namespace
}  // namespace driftd

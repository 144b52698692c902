#include <gmock/gmock.h>

#include "expected_schema/python/evaluator.h"

namespace driftd::python {
namespace {

using testing::HasSubstr;

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string refusal(const std::string& source) {
  Host host;
  Bounds bounds;
  bounds.steps = 200'000;
  bounds.memory = 8U * 1024U * 1024U;
  Evaluator evaluator(host, bounds);
  try {
    const auto module = evaluator.load("m", "m.py", source);
    evaluator.global(*module, "r");
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::NotUnderstood);
    return error.message();
  }
  return "nothing";
}

TEST(Bounds, EndHostileFiles) {
  EXPECT_THAT(refusal("r = 1\nwhile True: r = 2"), HasSubstr("steps"));
  EXPECT_THAT(refusal("def f(): return f()\nr = f()"), HasSubstr("nested"));
  EXPECT_THAT(refusal("r = 'a' * 10**9"), HasSubstr("MiB"));
  EXPECT_THAT(refusal("r = list(range(10**9))"), HasSubstr("MiB"));
  EXPECT_THAT(refusal("r = [1]\nfor i in range(60): r += r"), HasSubstr("MiB"));
  EXPECT_THAT(refusal("r = [1]\nfor i in r: r.append(i)"),
              testing::AnyOf(HasSubstr("steps"), HasSubstr("MiB")));
  EXPECT_THAT(refusal("r = '%999999999d' % 1"), HasSubstr("too large"));
  EXPECT_THAT(refusal("r = 'x'.ljust(10**10)"), HasSubstr("MiB"));
}

TEST(Bounds, DeepSourceAndDeepValues) {
  EXPECT_THAT(refusal("r = " + repeated("(", 900) + "1" + repeated(")", 900)), "nothing");
  EXPECT_THAT(refusal("r = " + repeated("[", 900) + repeated("]", 900)), HasSubstr("nested"));
  EXPECT_THAT(refusal("r = " + repeated("[", 100'000) + repeated("]", 100'000)),
              HasSubstr("nested"));
  EXPECT_THAT(refusal(repeated("(", 100'000)), HasSubstr("nested"));
  EXPECT_THAT(refusal("r = 1\n" + repeated(") \n", 100'000)), HasSubstr("syntax error"));
  EXPECT_THAT(refusal("r = 1\n" + repeated("$ \n", 100'000)), HasSubstr("syntax error"));
  EXPECT_THAT(refusal("r = " + repeated("- ", 100'000) + "$"), HasSubstr("too long"));
  EXPECT_THAT(refusal("r = [" + repeated("1,", 30'000) + "]"), "nothing");
  EXPECT_THAT(refusal("r = " + repeated("-", 5'000) + "1"), HasSubstr("nested"));
  EXPECT_THAT(refusal("r = " + repeated("1+", 15'000) + "1"), "nothing");
  EXPECT_THAT(refusal("r = []\nfor i in range(20000): r = [r]"), "nothing");
  EXPECT_THAT(refusal("import a\nr = a.b\nfor i in range(10000): r = r + 1"), "nothing");
  EXPECT_THAT(refusal("x = []\nx.append(x)\nr = str(x)"), HasSubstr("nested"));
}

}  // namespace
}  // namespace driftd::python

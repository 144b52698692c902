#include <gmock/gmock.h>

#include "expected_schema/python/evaluator.h"

/// Where a shortcut would give another value than Python: the same value, or a refusal by name.
namespace driftd::python {
namespace {

using testing::HasSubstr;

std::string outcome(const std::string& source) {
  Host host;
  Evaluator evaluator(host);
  try {
    const auto module = evaluator.load("m", "m.py", source);
    return repr(*evaluator.global(*module, "r"));
  } catch (const Error& error) {
    return error.message();
  }
}

TEST(Approximations, ALocalNameIsLocalFromTheFirstLine) {
  EXPECT_THAT(outcome("x = 1\ndef f():\n  y = x\n  x = 2\n  return y\nr = f()"),
              HasSubstr("UnboundLocalError"));
  EXPECT_THAT(outcome("x = 1\ndef f():\n  for x in []: pass\n  return x\nr = f()"),
              HasSubstr("UnboundLocalError"));
  EXPECT_THAT(outcome("x = 1\ndef f():\n  def g(): return x\n  r = g()\n  x = 2\n  return r\n"
                      "r = f()"),
              HasSubstr("free variable"));
  EXPECT_EQ(outcome("x = 1\ndef f():\n  global x\n  y = x\n  x = 2\n  return y\nr = f(), x"),
            "(1, 2)");
  EXPECT_EQ(outcome("x = 1\ndef f():\n  r = [x for x in [5]]\n  return x, r\nr = f()"), "(1, [5])");
}

TEST(Approximations, WhatPythonHasAndWeHaveNotIsNoAttributeError) {
  EXPECT_THAT(outcome("r = hasattr('a', 'center')"), HasSubstr("not supported"));
  EXPECT_THAT(outcome("try: r = memoryview(b'')\nexcept NameError: r = 0"),
              HasSubstr("memoryview"));
  EXPECT_THAT(outcome("r = eval('1')"), HasSubstr("eval"));
  EXPECT_THAT(outcome("class A:\n  def __getattr__(self, n): return 1\nr = A().x"),
              HasSubstr("__getattr__"));
  EXPECT_THAT(outcome("import a\nr = getattr(a, 'x', 1)"), HasSubstr("cannot tell"));
}

TEST(Approximations, ChangesAreSeen) {
  EXPECT_THAT(outcome("r = {1: 1}\nfor k in r: r[2] = 2"), HasSubstr("changed size"));
  EXPECT_THAT(outcome("r = [1, 2, 3]\ndel r[::2]"), HasSubstr("step"));
  EXPECT_EQ(outcome("r = [1, 2, 3]\nr[1:3] = (r.clear() for _ in [1])"), "[None]");
  EXPECT_EQ(outcome("try: raise SystemExit(1)\nexcept Exception: r = 1\n"
                    "except BaseException: r = 2"),
            "2");
}

}  // namespace
}  // namespace driftd::python

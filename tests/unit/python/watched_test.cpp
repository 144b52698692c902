#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "expected_schema/python/evaluator.h"

namespace driftd::python {
namespace {

/// Whether the list or dict `r` is freed with its evaluator.
bool is_freed(const std::string& source) {
  std::weak_ptr<void> kept;
  Host host;
  {
    Evaluator evaluator(host);
    const Value value = evaluator.global(*evaluator.load("m", "m.py", source), "r").value();
    if (const auto* list = value.get_if<List>()) kept = *list;
    if (const auto* dict = value.get_if<Dict>()) kept = *dict;
    EXPECT_FALSE(kept.expired());
  }
  return kept.expired();
}

Value left_by(const std::string& source) {
  Host host;
  Evaluator evaluator(host);
  return evaluator.global(*evaluator.load("m", "m.py", source), "r").value();
}

TEST(Watched, WhatRefersToItselfIsFreed) {
  EXPECT_TRUE(is_freed("r = [1]"));
  EXPECT_TRUE(is_freed("r = []\nr.append(r)"));
  EXPECT_TRUE(is_freed("r = {}\nr['a'] = [(r, 1)]"));
  EXPECT_TRUE(is_freed("r = []\ns = [(r,)]\nr.append((s, s))\nr.append({1: r})"));
  EXPECT_TRUE(is_freed("import a\nr = []\nr.append(a.b(1, c=[r]).d + 1)"));
  EXPECT_TRUE(is_freed("r = []\nr.append(r.append)"));
  EXPECT_TRUE(is_freed("r = []\nr.append(lambda x=r: x)"));
  EXPECT_TRUE(is_freed("from functools import partial\nr = []\nr.append(partial(len, r))"));
  EXPECT_TRUE(is_freed("r = []\nr.append(x for x in r)\nr.append(iter(r))"));
  EXPECT_TRUE(is_freed("class A: pass\nr = []\na = A()\na.r = r\nr.append(a)\nA.a = a"));
  EXPECT_TRUE(
      is_freed("def f(x):\n  def g(): return x\n  x.append(g)\n  1 / 0\n"
               "r = []\ntry: f(r)\nexcept ZeroDivisionError as e: r.append(e)"));
}

TEST(Watched, OtherContainersLiveOn) {
  EXPECT_EQ(repr(left_by("r = [1, {'a': [2]}, (3,)]\nr.append(r[1])")),
            "[1, {'a': [2]}, (3,), {'a': [2]}]");
  EXPECT_EQ(repr(left_by("x = []\nx.append(x)\nr = [x, 1]")), "[[], 1]");
  EXPECT_EQ(repr(left_by("x = []\nx.append(x)\ny = [2]\nx.append(y)\nr = y")), "[2]");
}

}  // namespace
}  // namespace driftd::python

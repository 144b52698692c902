#include <gmock/gmock.h>

#include "expected_schema/python/evaluator.h"

namespace driftd::python {
namespace {

struct Snippet {
  const char* source;    ///< binds `r`
  const char* expected;  ///< repr(r)
};

class Snippets : public testing::TestWithParam<Snippet> {};

TEST_P(Snippets, GiveWhatPythonGives) {
  Host host;
  Evaluator evaluator(host);
  const auto module = evaluator.load("m", "m.py", GetParam().source);
  const auto value = evaluator.global(*module, "r");
  ASSERT_TRUE(value);
  EXPECT_EQ(repr(*value), GetParam().expected) << GetParam().source;
}

// Literals.
INSTANTIATE_TEST_SUITE_P(
    Literals, Snippets,
    testing::ValuesIn(std::vector<Snippet>{
        {"r = 1_000 + 0xff + 0o17 + 0b11", "1273"},
        {"r = 1.5e3, .5, 1., 1e16, 1e-5, 0.1", "(1500.0, 0.5, 1.0, 1e+16, 1e-05, 0.1)"},
        {"r = 'a' \"b\" '''c'''", "'abc'"},
        {"r = 'a\\n\\t\\x41\\u00e9\\101\\\\\\d'",
         "'a\\n\\tA\xC3\xA9"
         "A\\\\\\\\d'"},
        {"r = r'a\\n' + R'\\'' ", "\"a\\\\n\\\\'\""},
        {"r = b'a\\x00\\xff'", "b'a\\x00\\xff'"},
        {"r = '''a\r\nb'''", "'a\\nb'"},
        {"r = 'a\\\nb'", "'ab'"},
        {"r = [1, 'x', None, True, (1,), (), {}, {'a': 1}, {1, 2}]",
         "[1, 'x', None, True, (1,), (), {}, {'a': 1}, {1, 2}]"},
        {"r = [*range(3), *'ab']", "[0, 1, 2, 'a', 'b']"},
        {"r = {**{'a': 1}, 'b': 2, 'a': 3}", "{'a': 3, 'b': 2}"},
        {"r = {1: 'a', True: 'b', 1.0: 'c'}", "{1: 'c'}"},
        {"x = 3\nr = f'{x}{{}}{x!r:>4}|{x:03d}|{x + 1=}'", "'3{}   3|003|x + 1=4'"},
        {"w = 6\nr = f\"{'ab':>{w}}|{3.14159:.2f}|{1234567:,}|{'a'!r}\"",
         "\"    ab|3.14|1,234,567|'a'\""},
        {"t = 'x'\nr = rf'\\d{t}' f\"{t}\" 'y{t}'", "'\\\\dxxy{t}'"},
        {"\t\nr = 1", "1"},
        {"r = 1\r\n", "1"},
        {"\xEF\xBB\xBFr = 1", "1"},
        {"r = -7 // 2, -7 % 3, 7 / 2, 2 ** 10, 1 << 4, ~5, -(-3)", "(-4, 2, 3.5, 1024, 16, -6, 3)"},
        {"r = 'ab' * 2 + 'c', [0] * 2, (1,) + (2,)", "('ababc', [0, 0], (1, 2))"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Expressions, Snippets,
    testing::ValuesIn(std::vector<Snippet>{
        {"r = 1 < 2 < 3, 1 < 2 > 5, 1 == 1.0, 'a' in 'cat', 2 not in [1], None is None",
         "(True, False, True, True, True, True)"},
        {"r = 0 or 'x', 1 and 2, not 3, 0 and 1 / 0", "('x', 2, False, 0)"},
        {"r = 3 > 4 < 1 / 0 if True else 0", "False"},
        {"r = 'a' if [] else 'b'", "'b'"},
        {"r = [x * y for x in range(3) if x for y in (1, 2)]", "[1, 2, 2, 4]"},
        {"r = {k: v for k, v in {'a': 1}.items()}, {x % 2 for x in range(4)}",
         "({'a': 1}, {0, 1})"},
        {"r = sum(x for x in [1, 2]), any(x > 1 for x in [1, 2, 1 / 1])", "(3, True)"},
        {"r = next(x for x in [1, 2] if 1 / x)", "1"},
        {"r = any(1 / x for x in [1, 0])", "True"},
        {"s = 'h\xC3\xA9llo'\nr = s[1], s[-1], s[1:3], s[::-1], len(s), s[:-2], s[10:]",
         "('\xC3\xA9', 'o', '\xC3\xA9l', 'oll\xC3\xA9h', 5, 'h\xC3\xA9l', '')"},
        {"l = [0, 1, 2, 3]\nl[1:3] = ['a']\ndel l[0]\nr = l, l[::2]", "(['a', 3], ['a'])"},
        {"a, *b, (c, d) = 1, 2, 3, (4, 5)\nr = a, b, c, d", "(1, [2, 3], 4, 5)"},
        {"a = b = [1]\na += [2]\nr = b", "[1, 2]"},
        {"if (n := 3) > 2: r = n", "3"},
        {"[y := x for x in range(3)]\nr = y", "2"},
        {"f = lambda a, b=2, *c, d=4, **e: (a, b, c, d, e)\nr = f(1), f(1, 3, 5, d=6, z=7)",
         "((1, 2, (), 4, {}), (1, 3, (5,), 6, {'z': 7}))"},
        {"r = '%s-%05d-%.2f-%%-%(a)s' % {'a': 1} if 0 else '%s-%05d-%%' % ('x', 42)",
         "'x-00042-%'"},
        {"r = '%(a)s %(b)r' % {'a': 1, 'b': 'x'}", "\"1 'x'\""},
        {"r = '{} {0}'.format if 0 else '{1} {0!r} {a.real:>3}' if 0 else '{1} {0!r} "
         "{a:>3}'.format('x', 2, a=5)",
         "\"2 'x'   5\""},
        {"x = {'a': [1, 2]}\nx['a'][0] += 5\nr = x", "{'a': [6, 2]}"},
        {"r = {1, 2} | {3}, {1, 2} & {2}, {1, 2} - {2}, {'a': 1} | {'b': 2}",
         "({1, 2, 3}, {2}, {1}, {'a': 1, 'b': 2})"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Statements, Snippets,
    testing::ValuesIn(std::vector<Snippet>{
        {"r = []\nfor i, c in enumerate('ab', 1):\n  r.append((i, c))\nelse:\n  r.append('e')",
         "[(1, 'a'), (2, 'b'), 'e']"},
        {"r = 0\nwhile True:\n  r += 1\n  if r == 2: continue\n  if r > 3: break", "4"},
        {"def f(x: int, y: 'str' = 2) -> None:\n  'doc'\n  if x: return y\n  elif y == 5: return "
         "7\n"
         "  else: return 8\nr = f(1), f(0, 5), f(y=1, x=0)",
         "(2, 7, 8)"},
        {"def f():\n  n = 0\n  def g():\n    nonlocal n\n    n += 1\n    return n\n  g()\n  return "
         "g()\nr = f()",
         "2"},
        {"n = 0\ndef f():\n  global n\n  n = 5\nf()\nr = n", "5"},
        {"try:\n  {}['x']\nexcept (ValueError, KeyError) as e:\n  r = str(e), type(e).__name__",
         "(\"'x'\", 'KeyError')"},
        {"r = []\ntry:\n  try:\n    raise ValueError('v')\n  finally:\n    r.append('f')\n"
         "except Exception as e:\n  r.append(str(e))\nelse:\n  r.append('no')",
         "['f', 'v']"},
        {"def f():\n  try:\n    return 1\n  finally:\n    pass\nr = f()", "1"},
        {"class MyError(ValueError):\n  pass\ntry:\n  raise MyError('x')\nexcept ValueError as "
         "e:\n  r = repr(e)",
         "\"MyError('x')\""},
        {"try:\n  assert 1 == 2, 'no'\nexcept AssertionError as e:\n  r = str(e)", "'no'"},
        {"x = 1\ndel x\ntry:\n  x\nexcept NameError:\n  r = 'gone'", "'gone'"},
        {"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import nothing\nr = 1", "1"},
        {"r = 1\nif __name__ == '__main__':\n  r = 2", "1"},
        {"r: str\nr: str = 'x'", "'x'"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Classes, Snippets,
    testing::ValuesIn(std::vector<Snippet>{
        {"import enum\nclass C(enum.Enum):\n  A = 'a'\n  B = 'b'\n"
         "r = C.A.value, C.B.name, [c.value for c in C], C('a').name, C['B'].value, str(C.A)",
         "('a', 'B', ['a', 'b'], 'A', 'b', 'C.A')"},
        {"from enum import Enum\nclass C(str, Enum):\n  A = 'a'\nr = C.A == 'a', C.A.upper(), "
         "list(C) == ['a'], C.A in ['a']",
         "(True, 'A', True, True)"},
        {"class P:\n  kind = 'k'\n  def __init__(self, a):\n    self.a = a\n  def twice(self):\n   "
         " return self.a * 2\n"
         "  @property\n  def p(self): return 'p'\n  @staticmethod\n  def s(x): return x\n  "
         "@classmethod\n  def c(cls): return cls.kind\n"
         "q = P(4)\nr = q.a, q.twice(), P.kind, q.kind, q.p, P.s(1), P.c(), isinstance(q, P)",
         "(4, 8, 'k', 'k', 'p', 1, 'k', True)"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Builtins, Snippets,
    testing::ValuesIn(std::vector<Snippet>{
        {"r = sorted([3, 1, 2], reverse=True), sorted('bA', key=str.lower), list(reversed([1, 2]))",
         "([3, 2, 1], ['A', 'b'], [2, 1])"},
        {"r = list(zip([1, 2], 'ab')), list(map(str, [1])), list(filter(None, [0, 1]))",
         "([(1, 'a'), (2, 'b')], ['1'], [1])"},
        {"r = min(3, 1), max([1, 5], key=lambda x: -x), abs(-2), int('7'), float('1.5'), bool([]), "
         "int('ff', 16)",
         "(1, 1, 2, 7, 1.5, False, 255)"},
        {"r = isinstance(True, int), isinstance('a', (int, str)), getattr('a', 'zz', 5), "
         "hasattr([], 'append')",
         "(True, True, 5, True)"},
        {"r = ', '.join(['a', 'b']), 'a,b'.split(','), ' x '.strip(), 'aXa'.replace('a', 'b'), "
         "'abc'.find('c')",
         "('a, b', ['a', 'b'], 'x', 'bXb', 2)"},
        {"d = {'a': 1}\nr = d.get('b', 2), d.setdefault('c', 3), d.pop('a'), list(d.keys()), "
         "d.values()",
         "(2, 3, 1, ['c'], [3])"},
        {"import textwrap\nr = textwrap.dedent('''\n    a\n      b\n    ''')", "'\\na\\n  b\\n'"},
        {"import json\nr = json.dumps({'a': [1, None, True, 'x\"']})",
         "'{\"a\": [1, null, true, \"x\\\\\"\"]}'"},
        {"import os\nr = os.path.join(os.path.dirname('/a/b.py'), 'c'), __file__",
         "('/a/c', 'm.py')"},
        {"from functools import partial\nr = partial(lambda a, b: (a, b), 1)(b=2)", "(1, 2)"},
        {"from collections import defaultdict\nd = defaultdict(list)\nd['a'].append(1)\nr = "
         "d['a'], 'b' in d",
         "([1], False)"},
    }));

}  // namespace
}  // namespace driftd::python

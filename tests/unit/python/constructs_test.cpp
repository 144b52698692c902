// Generators, context managers, match, data classes, super(): what they do, in which order.
#include <gtest/gtest.h>

#include "expected_schema/python/evaluator.h"

namespace driftd::python {
namespace {

/// `ask()` gives what only the application knows; `do("x")` is an effect.
class World : public Host {
 public:
  std::optional<Value> call(Evaluator& evaluator, const Term& call) override {
    if (call.callee == "world.ask") return unknown("the answer", call.place);
    if (call.callee != "world.do") return std::nullopt;
    if (evaluator.uncertain()) done += "maybe ";
    done += evaluator.text(call.arguments.positional.front(), call.place) + ";";
    return Value();
  }
  std::string done;
};

struct Case {
  const char* name;
  const char* source;
  const char* done;  ///< what the host was asked to do; a message where the source is refused
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class Constructs : public testing::TestWithParam<Case> {};

TEST_P(Constructs, DoWhatPythonDoes) {
  World world;
  Evaluator evaluator(world, {.steps = 100'000});
  try {
    const std::string source =
        std::string(
            "import contextlib, dataclasses\nfrom dataclasses import dataclass, field\n"
            "from contextlib import contextmanager\nfrom world import ask, do\n") +
        GetParam().source;
    const auto module = evaluator.load("m", "m.py", source);
    evaluator.call(*evaluator.global(*module, "f"), {}, {"m.py", 1, 1});
    EXPECT_EQ(world.done, GetParam().done);
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), GetParam().done) << world.done;
    EXPECT_EQ(error.reason(), Reason::NotUnderstood);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Python, Constructs,
    testing::ValuesIn(std::vector<Case>{
        {"lazy",
         "def g():\n do('a')\n yield 1\n do('b')\n yield 2\n do('c')\n"
         "def f():\n for x in g(): do(x)\n",
         "a;1;b;2;c;"},
        {"builtin_method_of_a_subclass",
         "class D(dict):\n"
         " def __init__(self, x): super().__init__(x, b=2)\n"
         " def __getitem__(self, key): return 'own ' + str(dict.__getitem__(self, key))\n"
         "class L(list):\n"
         " def __init__(self): list.__init__(self, [1]); self.append(2)\n"
         "def f():\n d = D({'a': 1})\n do(d['a']); do(d['b']); do(len(d)); do(str(L()))\n",
         "own 1;own 2;2;[1, 2];"},
        {"descriptors",
         "class D:\n"
         " def __set_name__(self, owner, name): self.name = owner.__name__ + '.' + name\n"
         " def __get__(self, obj, owner): return (self.name, obj is None, owner.__name__)\n"
         " def __set__(self, obj, value): do('set'); do(value)\n"
         " def __delete__(self, obj): do('deleted')\n"
         "class C:\n x = D()\n"
         "def f():\n c = C()\n do(C.x)\n do(c.x)\n c.x = 3\n del c.x\n",
         "('C.x', True, 'C');('C.x', False, 'C');set;3;deleted;"},
        {"classes_of_property",
         "class P(property):\n"
         " def __get__(self, obj, type=None): return self.fget.__get__(None, type)()\n"
         "class Q(property): pass\n"
         "class C:\n @P\n @classmethod\n def x(cls): return cls.__name__\n"
         " @Q\n def y(self): return 'y'\n w = property(fset=None)\n"
         "class E(C): pass\n"
         "def f():\n do(E.x)\n do(C().y)\n"
         " try: C().w\n except AttributeError: do('none')\n",
         "E;y;none;"},
        {"private_names",
         "class A:\n __x = 1\n def get(self): return self.__x\n"
         "class _B(A):\n __x = 2\n def other(self):\n  self.__y__ = 3\n  return self.__x\n"
         "def f():\n b = _B()\n do((b.get(), b.other(), b._A__x))\n"
         " do([n for n in dir(b) if n.endswith('__x')])\n",
         "(1, 2, 1);['_A__x', '_B__x'];"},
        {"dir",
         "class A:\n __x = 1\n def get(self): pass\n"
         "class B(A):\n y = 2\n"
         "def f():\n b = B()\n b.own = 1\n"
         " do([n for n in dir(b) if not n.endswith('__')])\n do('__eq__' in dir(B))\n",
         "['_A__x', 'get', 'own', 'y'];True;"},
        {"function_attributes",
         "def g(): pass\ndef f():\n g.mark=3\n do(g.mark)\n do(hasattr(g, 'other'))\n"
         " try:\n  g.other\n except AttributeError: do('none')\n",
         "3;False;none;"},
        {"function_attributes_that_may_have_been_set",
         "def g(): pass\ndef f():\n g.mark=3\n if ask(): g.mark=4\n if g.mark == 3: do('a')\n",
         "maybe a;"},
        {"exceptions_of_the_system",
         "def f():\n try:\n  raise ConnectionResetError('x')\n except OSError: do('caught')\n"
         " do(issubclass(SyntaxWarning, Warning))\n",
         "caught;True;"},
        {"members_of_an_enum_by_its_own_methods",
         "import enum\nclass E(enum.Enum):\n a=(1, 'x')\n def __init__(self, n, t): self.t=t\n"
         "class F(enum.Enum):\n b=(2, 'y')\n def __new__(cls, n, t):\n"
         "  made=object.__new__(cls)\n  made._value_=n\n  made.t=t\n  return made\n"
         "def f():\n do(E.a.t)\n do(E.a.value)\n do(F.b.t)\n do(F(2).name)\n",
         "x;(1, 'x');y;b;"},
        {"takewhile",
         "import itertools\ndef f():\n n=[1, 5, 2]\n"
         " do(list(itertools.takewhile(lambda x: x < 3, n)))\n"
         " do(list(itertools.dropwhile(lambda x: x < 3, n)))",
         "[1];[5, 2];"},
        {"groupby",
         "import itertools\ndef f():\n"
         " for k, g in itertools.groupby([1, 3, 2, 5], key=lambda x: x % 2): do((k, list(g)))",
         "(1, [1, 3]);(0, [2]);(1, [5]);"},
        {"regular_expressions",
         "import re\ndef f():\n do(re.sub('(?<!^)(?=[A-Z])', '_', 'HTTPRoleName').lower())\n"
         " m = re.compile(r'(\\w+)-(?P<n>\\d+)').match('ab-12 x')\n"
         " do((m.group(1), m.group('n'), m.start(), m.end()))\n"
         " do(re.search('z', 'ab') is None)\n do(re.findall('[a-c]', 'abxc'))\n"
         " do(re.split(',\\s*', 'a, b,c'))\n do(re.sub('(a)(b)', r'\\2\\g<1>', 'abab', count=1))\n"
         " do(re.sub('x', lambda m: m.group().upper(), 'axb', flags=0))\n"
         " do(re.search(r'next\\(\\'(.*)\\'\\)', \"next('s')\").group(1))\n"
         " do(re.findall(r'\\<(\\w+)\\>', '<a> <b>'))",
         "h_t_t_p_role_name;('ab', '12', 0, 5);True;['a', 'b', 'c'];['a', 'b', 'c'];baab;aXb;s;"
         "['a', 'b'];"},
        {"properties_that_are_set",
         "class A:\n def __init__(self, x): self.x = x\n"
         " @property\n def x(self): return self._x\n"
         " @x.setter\n def x(self, v): self._x = [v]\n"
         "class B(A):\n @A.x.getter\n def x(self): return ('b', self._x)\n"
         "def f():\n b = B(2)\n b.x = 3\n do((A(1).x, b.x, b._x))",
         "([1], ('b', [3]), [3]);"},
        {"classes_of_collections_and_calls_of_functions",
         "def g(x): return x + 1\n"
         "def f():\n do(((1,).__class__.__name__, [].__class__ is list, hasattr(g, '__call__'), "
         "g.__call__(1)))",
         "('tuple', True, True, 2);"},
        {"property_with_a_setter",
         "class A:\n @property\n def x(self): return 1\n"
         " @x.setter\n def x(self, v): pass\n y = property(lambda self: 2)\n"
         "def f():\n do((A().x, A().y))",
         "(1, 2);"},
        {"class_made_by_type",
         "class A:\n def n(self): return 'a'\n"
         "def f():\n B = type('B', (A,), {'k': 3})\n do((B.__name__, B().n(), B.k))",
         "('B', 'a', 3);"},
        {"enum_with_values_of_its_own",
         "import enum\nclass E(str, enum.Enum):\n"
         " def _generate_next_value_(name, start, count, last): return name + str(count)\n"
         " a = enum.auto()\n b = enum.auto()\n"
         "def f():\n do([e.value for e in E])",
         "['a0', 'b1'];"},
        {"deepcopy",
         "import copy\ndef f():\n a={'k': [1, (2, [3])]}\n b=copy.deepcopy(a)\n"
         " b['k'].append(4)\n b['k'][1][1].append(5)\n do(a)\n do(b)",
         "{'k': [1, (2, [3])]};{'k': [1, (2, [3, 5]), 4]};"},
        {"class_arguments_of_a_library",
         "from world import Base\nclass A(Base, table=True):\n x = 1\nclass B(A, total=False):\n "
         "pass\n"
         "def f(): do(A.x)",
         "1;"},
        {"class_arguments_of_nobody", "class A:\n pass\ndef f():\n class B(A, table=True): pass",
         "the class argument `table` is not supported"},
        {"not_begun", "def g():\n do('a')\n yield 1\ndef f():\n g()\n do('b')", "b;"},
        {"arguments_at_once",
         "def g(x):\n yield x\ndef f():\n y=[1]\n it=g(y)\n y.append(2)\n"
         " for x in it: do(x)",
         "[1, 2];"},
        {"next_and_default",
         "def g():\n yield 1\ndef f():\n it=g()\n do(next(it))\n do(next(it,'end'))\n"
         " do(next(it,'end'))",
         "1;end;end;"},
        {"stop_iteration",
         "def g():\n yield 1\ndef f():\n it=g()\n next(it)\n try: next(it)\n"
         " except StopIteration: do('stop')",
         "stop;"},
        {"list_sorted_join",
         "def g():\n yield 'b'\n yield 'a'\ndef f():\n do(sorted(g()))\n"
         " do(','.join(g()))\n do([*g()])\n do(dict((x,1) for x in g()))",
         "['a', 'b'];b,a;['b', 'a'];{'b': 1, 'a': 1};"},
        {"yield_from",
         "def g():\n yield 1\n return 'r'\ndef h():\n r = yield from g()\n do(r)\n"
         " yield from [2, 3]\ndef f():\n do(list(h()))",
         "r;[1, 2, 3];"},
        {"recursive",
         "def walk(n):\n if n:\n  yield n\n  yield from walk(n-1)\ndef f():\n do(list(walk(5)))",
         "[5, 4, 3, 2, 1];"},
        {"interleaved",
         "def g(n):\n i=0\n while True:\n  i+=n\n  yield i\ndef f():\n a=g(1)\n b=g(10)\n"
         " do([next(a),next(b),next(a),next(b)])",
         "[1, 10, 2, 20];"},
        {"endless", "def g():\n while True: yield 1\ndef f():\n for x in g(): pass",
         "the code has not ended after 100000 steps"},
        {"endless_inside", "def g():\n while True: pass\n yield\ndef f():\n next(g())",
         "the code has not ended after 100000 steps"},
        {"too_many",
         "def g():\n yield 1\n yield 2\ndef f():\n all=[g() for x in range(100)]\n"
         " for x in all: next(x)",
         "more than 64 generators at once are not supported"},
        {"many_after_each_other",
         "def g():\n yield 1\ndef f():\n n=0\n for x in range(200):\n  for y in g(): n+=y\n do(n)",
         "200;"},
        {"raises_outwards",
         "def g():\n yield 1\n raise ValueError('x')\ndef f():\n try:\n"
         "  for x in g(): do(x)\n except ValueError as e: do(e)",
         "1;x;"},
        {"try_around_yield",
         "def g():\n try:\n  yield 1\n  raise KeyError('k')\n except KeyError:\n"
         "  do('caught')\n  yield 2\ndef f():\n for x in g(): do(x)",
         "1;caught;2;"},
        {"itself", "def g():\n next(it)\n yield 1\nit=g()\ndef f():\n next(it)",
         "the code raises ValueError: generator already executing"},
        {"left_in_finally",
         "def g():\n try:\n  yield 1\n  yield 2\n finally: do('end')\ndef f():\n"
         " for x in g(): break\n do('on')",
         "a generator was let go before its `finally` or `with` had ended"},
        {"left_plainly",
         "def g():\n yield 1\n do('never')\n yield 2\ndef f():\n"
         " for x in g(): break\n do('on')",
         "on;"},
        {"unknown_items", "def g():\n for x in ask(): yield x\ndef f():\n for x in g(): do('a')",
         "a `yield` that may or may not have run is not supported"},
        {"unknown_condition",
         "def g():\n if ask(): do('a')\n yield 1\ndef f():\n"
         " for x in g(): do(x)",
         "maybe a;1;"},
        {"in_unknown_code",
         "def g():\n do('a')\n yield 1\ndef f():\n if ask():\n"
         "  for x in g(): do(x)\n do('b')",
         "maybe a;maybe 1;b;"},
        {"depth", "def g(n):\n yield n\n yield from g(n+1)\ndef f():\n for x in g(0): pass",
         "more than 64 generators at once are not supported"},

        {"manager",
         "@contextmanager\ndef m(x):\n do('in')\n yield x\n do('out')\ndef f():\n"
         " with m(7) as y: do(y)\n do('after')",
         "in;7;out;after;"},
        {"manager_by_module",
         "@contextlib.contextmanager\ndef m():\n do('in')\n try: yield\n finally: do('out')\n"
         "def f():\n try:\n  with m(): raise ValueError('x')\n except ValueError as e: do(e)",
         "in;out;x;"},
        {"manager_swallows",
         "@contextmanager\ndef m():\n try: yield\n except ValueError: do('took')\n"
         "def f():\n with m(): raise ValueError()\n do('on')",
         "took;on;"},
        {"manager_without_try",
         "@contextmanager\ndef m():\n yield\n do('never')\ndef f():\n try:\n"
         "  with m(): raise KeyError('k')\n except KeyError: do('passed')",
         "passed;"},
        {"manager_method",
         "class A:\n @contextmanager\n def m(self, x):\n  do(x)\n  yield self\n"
         "  do('out')\ndef f():\n with A().m(1) as a, a.m(2): do('body')",
         "1;2;body;out;out;"},
        {"manager_twice",
         "@contextmanager\ndef m():\n yield 1\n yield 2\ndef f():\n with m(): pass",
         "the code raises RuntimeError: generator didn't stop"},
        {"manager_return",
         "@contextmanager\ndef m():\n do('in')\n yield\n do('out')\n"
         "def g():\n with m(): return 5\ndef f():\n do(g())",
         "in;out;5;"},

        {"match_literals",
         "def g(x):\n match x:\n  case 1: return 'one'\n  case -2: return 'minus'\n"
         "  case 'a' | 'b': return 'ab'\n  case None: return 'none'\n"
         "  case True: return 'yes'\n  case _: return 'else'\n"
         "def f():\n for x in (1, -2, 'b', None, 'z'): do(g(x))",
         "one;minus;ab;none;else;"},
        {"match_capture_guard",
         "def g(x):\n match x:\n  case str() as s if len(s) > 2: return s\n"
         "  case (a, b): return a + b\n  case [a, 'k']: return a\n"
         "  case int(): return 'int'\n  case y: return y\n"
         "def f():\n for x in ('long', (1, 2), 5, 'ab'): do(g(x))",
         "long;3;int;ab;"},
        {"match_dotted",
         "class C:\n A = 1\n B = 2\ndef f():\n match 2:\n  case C.A: do('a')\n"
         "  case C.B: do('b')",
         "b;"},
        {"match_two", "def f():\n match 1, 'x':\n  case 1, 'y': do('no')\n  case 1, z: do(z)",
         "x;"},
        {"match_none", "def f():\n match 3:\n  case 4: do('no')\n do('end')", "end;"},
        {"match_unknown", "def f():\n match ask():\n  case 4: do('no')\n",
         "cannot tell whether `<the answer>` matches `4`"},

        {"dataclass",
         "@dataclass\nclass P:\n x: int\n y: int = 2\n z: list = field(default_factory=list)\n"
         "def f():\n p=P(1)\n q=P(1, y=2)\n p.z.append(1)\n do([p.x,p.y,p.z,q.z])\n"
         " do(p == q)\n do(P(1) == P(1))",
         "[1, 2, [1], []];False;True;"},
        {"dataclass_inherited",
         "@dataclass\nclass A:\n x: int\n def name(self): return 'A%s' % self.x\n"
         "@dataclasses.dataclass(frozen=True)\nclass B(A):\n y: str = 'y'\n"
         "def f():\n b=B(3)\n do(b.name() + b.y)",
         "A3y;"},
        {"dataclass_post_init",
         "@dataclass\nclass A:\n x: int\n y: int = field(init=False)\n"
         " def __post_init__(self): self.y = self.x * 2\n"
         "def f():\n do(A(4).y)",
         "8;"},
        {"dataclass_missing", "@dataclass\nclass A:\n x: int\ndef f():\n A()",
         "the code raises TypeError: __init__() missing the argument: 'x'"},
        {"dataclass_order", "@dataclass(order=True)\nclass A:\n x: int\ndef f():\n A(1)",
         "cannot make a `A`: the argument `order` of `@dataclass` is not supported"},

        {"super_init",
         "class A:\n def __init__(self, x): self.x = x\nclass B(A):\n"
         " def __init__(self, x, y):\n  super().__init__(x)\n  self.y = y\n"
         "def f():\n b=B(1,2)\n do((b.x,b.y))",
         "(1, 2);"},
        {"super_chain",
         "class A:\n def n(self): return 'a'\nclass B(A):\n"
         " def n(self): return super().n() + 'b'\nclass C(B):\n"
         " def n(self): return super(C, self).n() + 'c'\ndef f():\n do(C().n())",
         "abc;"},
        {"json",
         R"(import json
def f():
 x = json.loads('{"b": [1, 2.5, null, true], "a": "\\u00e9\\n"}')
 do(x)
 do(json.dumps(x, sort_keys=True, separators=(',', ':')))
 do(json.dumps({'a': [1, {}], 'b': []}, indent=1, ensure_ascii=False))
 do(json.dumps(['\U0001f600', {1: None}]))
)",
         "{'b': [1, 2.5, None, True], 'a': '\xc3\xa9\\n'};"
         "{\"a\":\"\\u00e9\\n\",\"b\":[1,2.5,null,true]};"
         "{\n \"a\": [\n  1,\n  {}\n ],\n \"b\": []\n};[\"\\ud83d\\ude00\", {\"1\": null}];"},
        {"json_of_what_is_not_known",
         R"(import json
def f():
 x = json.loads(ask())
 if isinstance(x, list): do('list')
 if x.get('a') and json.dumps(x): do('has')
)",
         "maybe list;maybe has;"},
        {"json_that_is_none", "import json\ndef f(): json.loads('{')",
         "json.loads of a text that is no JSON at byte 1 is not supported"},
        {"singleton",
         R"(class A:
 one = None
 def __new__(cls, *a):
  if cls.one is None: cls.one = super().__new__(cls)
  return cls.one
 def __init__(self, n): self.n = n
def f():
 a = A(1)
 b = A(2)
 do((a is b, a.n))
)",
         "(True, 2);"},
        {"items_of_an_object",
         R"(class A:
 def __init__(self): self.d = {}
 def __setitem__(self, k, v): self.d[k] = v
 def __getitem__(self, k): return self.d[k]
 def __delitem__(self, k): del self.d[k]
 def __hash__(self): return 1
def f():
 a = A()
 a['x'] = 1
 a['y'] = 2
 del a['x']
 do((a['y'], a.d))
)",
         "(2, {'y': 2});"},
        {"items_of_a_builtin", "class A(dict):\n def __setitem__(self, k, v): pass\ndef f(): A()",
         "cannot make a `A`: the method `__setitem__` is not supported"},
        {"docstrings",
         R"(class A:
 '''text'''
class B: pass
class C:
 """two
 lines"""
def f():
 do((B.__doc__, type(None) is type(None)))
 if A.__doc__ == 'text': do('text')
 if C.__doc__ == 'text': do('lines')
)",
         "(None, True);text;maybe lines;"},
        {"decorated_by_what_is_not_known",
         R"(class A:
 @ask()
 @classmethod
 def g(cls): do('no')
 @ask().other
 def h(self): do('no')
 @h.setter
 def h(self, v): pass
 def k(self): do('k')
def f():
 A().k()
 A().g()
)",
         "cannot call `g`: the decorator `@<the answer>` is not supported"},
        {"enum_that_makes_its_members",
         R"(from enum import Enum
class E(Enum):
 def __new__(cls, n, o):
  m = object.__new__(cls)
  m._value_ = n
  m.o = o
  return m
 A = ('a', 1)
def f():
 do(E.A.name)
 if E.A.o > 0: do('more')
)",
         "A;more;"},
        {"recursion_over_what_is_not_known",
         R"(def walk(x):
 if isinstance(x, list): return [walk(y) for y in x]
 if isinstance(x, dict): return {k: walk(v) for k, v in x.items()}
 do('leaf')
 return x
def down(n, x):
 if x: do(n)
 if x and n < 3: down(n + 1, x)
def f():
 walk(ask())
 down(1, ask())
)",
         "maybe leaf;maybe leaf;maybe leaf;maybe 1;maybe 2;maybe 3;"},
        {"super_exception",
         "class E(ValueError):\n def __init__(self, m):\n  super().__init__('E:' + m)\n"
         "def f():\n try: raise E('x')\n except ValueError as e: do(e)",
         "E:x;"},
        {"super_object",
         "class A:\n def __init__(self):\n  super().__init__()\n  self.x = 1\n"
         "def f():\n do(A().x)",
         "1;"},
        {"super_classmethod",
         "class A:\n @classmethod\n def make(cls): return cls.__name__\n"
         "class B(A):\n @classmethod\n def make(cls): return super().make() + '!'\n"
         "def f():\n do(B.make())",
         "B!;"},
        {"super_several_bases",
         "class A:\n def n(self): return 'a'\nclass B:\n def n(self): return 'b'\n"
         "class C(A, B):\n def n(self): return super().n()\ndef f():\n do(C().n())",
         "a;"},
        {"super_diamond",
         "class A:\n def n(self): return 'a'\n"
         "class B(A):\n def n(self): return 'b' + super().n()\n"
         "class C(A):\n def n(self): return 'c' + super().n()\n"
         "class D(B, C):\n def n(self): return 'd' + super().n()\ndef f():\n do(D().n())",
         "dbca;"},
        {"bases_without_an_order",
         "class A: pass\nclass B(A): pass\ndef f():\n"
         " try:\n  class C(A, B): pass\n except TypeError as e: do(str(e))",
         "no method resolution order for the bases of `C`;"},
        {"super_of_a_library",
         "from world import Base\nclass A(Base):\n @classmethod\n def n(cls): return super().n()\n"
         "def f():\n do(A.n())",
         "`super()` of a class with a base of a library is not supported"},
    }),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace driftd::python

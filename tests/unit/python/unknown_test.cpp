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
    const Value& what = call.arguments.positional.front();
    const auto* text = what.get_if<std::string>();
    const Unknown* part = what.unknown();
    if (evaluator.uncertain()) done += "maybe ";
    done += text != nullptr ? *text : part != nullptr ? part->text.value_or("?") : repr(what);
    done += ";";
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

class Unknowns : public testing::TestWithParam<Case> {};

TEST_P(Unknowns, AreNeverTakenForKnown) {
  World world;
  Evaluator evaluator(world);
  try {
    const std::string source = std::string("from world import ask, do\n") + GetParam().source;
    const auto module = evaluator.load("m", "m.py", source);
    evaluator.call(*evaluator.global(*module, "f"), {}, {"m.py", 1, 1});
    EXPECT_EQ(world.done, GetParam().done);
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), GetParam().done);
    EXPECT_EQ(error.reason(), Reason::NotUnderstood);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Python, Unknowns,
    testing::ValuesIn(std::vector<Case>{
        {"if", "def f():\n if ask(): do('a')\n do('b')", "maybe a;b;"},
        {"else_", "def f():\n if ask(): do('a')\n elif 1: do('b')\n else: do('c')\n do('d')",
         "maybe a;maybe b;d;"},
        {"not_", "def f():\n if not ask(): do('a')\n do('b')", "maybe a;b;"},
        {"compare", "def f():\n if ask() > 3 and ask().x['k'] == None: do('a')\n do('b')",
         "maybe a;b;"},
        {"known_first", "def f():\n if False and ask(): do('a')\n if True or ask(): do('b')", "b;"},
        {"known_last", "def f():\n if ask() and False: do('a')\n if ask() or True: do('b')", "b;"},
        {"raise_did_not_happen",
         "def f():\n if ask():\n  do('a')\n  raise ValueError(ask())\n do('b')", "maybe a;b;"},
        {"the_other_branch_did",
         "def f():\n if ask():\n  x = 1\n else:\n  raise ValueError('no')\n do(str(x))", "1;"},
        {"return_", "def f():\n if ask(): return\n do('a')", "maybe a;"},
        {"return_or_raise",
         "def g(x):\n if x: return 1\n for y in x:\n  return 2\n raise ValueError('x')\n"
         "def f():\n x = g(ask())\n if x: do('a')\n do('b')",
         "maybe a;b;"},
        {"return_or_raise_caught",
         "def g(x):\n if x: return 1\n raise ValueError('x')\n"
         "def f():\n try:\n  g(ask())\n except ValueError: do('a')\n do('b')",
         "maybe a;b;"},
        {"both_return", "def f():\n if ask(): return 1\n else: return 2\n do('a')", ""},
        {"return_in_a_helper",
         "def g():\n if ask(): return 1\n do('a')\n return 2\ndef f():\n x = g()\n do('b')\n "
         "if x == 1: do('c')",
         "maybe a;b;maybe c;"},
        {"loop", "def f():\n for x in ask(): do('a')\n do('b')", "maybe a;b;"},
        {"loop_break", "def f():\n for t in ['x', 'y']:\n  if ask(): break\n  do(t)\n do('b')",
         "maybe x;maybe y;b;"},
        {"loop_continue",
         "def f():\n for t in ['x', 'y']:\n  if t == 'x': continue\n  do(t)\n do('b')", "y;b;"},
        {"loop_return", "def f():\n for x in ask():\n  return x\n do('a')", "maybe a;"},
        {"while_", "def f():\n while ask(): do('a')\n do('b')", "maybe a;b;"},
        {"while_break", "def f():\n while True:\n  if ask(): break\n  do('a')\n do('b')",
         "maybe a;b;"},
        {"while_return",
         "def g():\n while True:\n  if ask(): return 1\n  do('a')\ndef f():\n g()\n do('b')",
         "maybe a;b;"},
        {"name", "def f():\n x = 1\n if ask(): x = 2\n if x == 1: do('a')\n do('b')", "maybe a;b;"},
        {"global_name",
         "x = 1\ndef g():\n global x\n x = 2\ndef f():\n if ask(): g()\n if x == 1: do('a')",
         "maybe a;"},
        {"list",
         "def f():\n l = []\n for r in ask(): l.append(r.id)\n for i in l: do('a')\n "
         "if l: do('b')\n if len(l) > 2: do('c')",
         "maybe a;maybe b;maybe c;"},
        {"list_item_is_kept", "def f():\n l = ['x']\n if ask(): l.append('y')\n for i in l: do(i)",
         "x;maybe ?;"},
        {"list_cleared", "def f():\n l = ['x']\n if ask(): l.clear()\n for i in l: do(i)",
         "maybe ?;"},
        {"list_in_place", "def f():\n l = []\n l += ask()\n if not l: do('a')", "maybe a;"},
        {"list_splat", "def f():\n l = [*ask(), 'x']\n if l: do('a')\n if l[0] == 'x': do('b')",
         "a;maybe b;"},
        {"alias", "def f():\n l = []\n m = l\n if ask(): m.append(1)\n if l: do('a')", "maybe a;"},
        {"dict",
         "def f():\n d = {'k': 1}\n d[ask()] = 2\n if d['k'] == 1: do('a')\n "
         "if 'q' in d: do('b')\n for k, v in d.items(): do(k)",
         "maybe a;maybe b;k;maybe ?;"},
        {"dict_value", "def f():\n d = {'k': 1}\n if ask(): d['k'] = 2\n if d['k'] == 1: do('a')",
         "maybe a;"},
        {"dict_comprehension",
         "def f():\n d = {r.k: r.v for r in ask()}\n if d.get('x'): do('a')\n if not d: do('b')",
         "maybe a;maybe b;"},
        {"set_",
         "def f():\n s = set()\n for r in ask(): s.add(r[0])\n if 'x' in s: do('a')\n "
         "s.add('y')\n if 'y' in s: do('b')",
         "maybe a;b;"},
        {"set_comprehension", "def f():\n s = {r for r in ask()}\n if s - {'x'}: do('a')",
         "maybe a;"},
        {"attribute",
         "class C: pass\ndef f():\n c = C()\n c.x = 1\n if ask(): c.x = 2\n if c.x == 1: do('a')",
         "maybe a;"},
        {"comprehension_effect", "def f():\n [do('a') for x in ask()]\n do('b')", "maybe a;b;"},
        {"comprehension_condition",
         "def f():\n l = [x for x in ['p', 'q'] if ask()]\n for x in l: do('a')",
         "maybe a;maybe a;"},
        {"generator",
         "def f():\n if any(r.x for r in ask()): do('a')\n "
         "for x in (r for r in ask()): do('b')",
         "maybe a;maybe b;"},
        {"enumerate",
         "def f():\n for i, r in enumerate(ask()): do('a')\n "
         "for i, r in enumerate([r for r in ask()]): do('b')",
         "maybe a;maybe b;"},
        {"map_", "def f():\n for r in map(lambda r: do('a'), [x for x in ask()]): do('b')",
         "maybe a;maybe b;"},
        {"builtins",
         "def f():\n if len(ask()) or int(ask()) or isinstance(ask(), str) or "
         "sorted(ask()) or max(ask(), 1) or str(ask()): do('a')",
         "maybe a;"},
        {"ternary", "def f():\n x = 'p' if ask() else 'q'\n if x == 'p': do('a')", "maybe a;"},
        {"ternary_raises", "def g(): raise ValueError('no')\ndef f():\n do('p' if ask() else g())",
         "p;"},
        {"f_string", "def f():\n do(f\"UPDATE t SET a = '{ask().x!r}' WHERE {3}\")",
         "UPDATE t SET a = '$1' WHERE 3;"},
        {"percent", "def f():\n do('UPDATE t SET a = %s, b = %(x)d%%' % ask())",
         "UPDATE t SET a = $1, b = $1%;"},
        {"format", "def f():\n do('a {} {x!r} {{}}'.format(ask(), x=1))", "a $1 $1 {};"},
        {"concatenation", "def f():\n do('a ' + str(ask()) + ' b')", "a $1 b;"},
        {"join", "def f():\n do('IN (' + ', '.join(str(r) for r in ask()) + ')')", "IN ($1);"},
        {"assert_", "def f():\n assert ask()\n do('a')", "a;"},
        {"unpacked", "def f():\n a, b = ask()\n for c, (d, *e) in ask(): do('a')\n if a: do('b')",
         "maybe a;maybe b;"},
        {"with_", "def f():\n with ask() as x: do('a')\n if x: do('b')", "a;maybe b;"},
        {"walrus", "def f():\n if (x := ask()): do('a')\n if x: do('b')", "maybe a;maybe b;"},
        {"try_that_catches",
         "def f():\n try:\n  if ask(): raise ValueError('x')\n  do('a')\n except ValueError: "
         "do('b')\n do('c')",
         "maybe a;maybe b;c;"},
        {"try_around_a_helper",
         "def g():\n if ask(): raise ValueError('x')\n do('a')\ndef f():\n x = 1\n try: g()\n "
         "except Exception: x = 2\n if x == 1: do('b')",
         "maybe a;maybe b;"},
        {"try_that_raises_again",
         "def f():\n try:\n  if ask(): raise ValueError('x')\n  do('a')\n except ValueError:\n  "
         "do('b')\n  raise\n do('c')",
         "a;c;"},
        {"try_returns", "def f():\n try:\n  assert ask()\n except AssertionError: return\n do('a')",
         "maybe a;"},
        {"nested",
         "def f():\n for r in ask():\n  x = False\n  for q in r: x = True\n  "
         "if not x: do('a')\n do('b')",
         "maybe a;b;"},
        {"arguments", "def g(*a, **k): do('a')\ndef f():\n g(ask(), x=ask())", "a;"},
        {"spread_arguments", "def g(a): do('a')\ndef f():\n g(*ask())",
         "the answer is known only when the application runs"},
        {"callee", "def f():\n x = ask().query(1).all()\n for r in x: do('a')", "maybe a;"},
        {"enum",
         "import enum\nclass E(enum.Enum):\n A = 'a'\ndef f():\n if E(ask()) == E.A: "
         "do('a')",
         "maybe a;"},
        {"deleted", "def f():\n d = {'k': 1, 'j': 2}\n if ask(): del d['k']\n if 'k' in d: do('a')",
         "maybe a;"},
    }),
    [](const testing::TestParamInfo<Case>& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace driftd::python

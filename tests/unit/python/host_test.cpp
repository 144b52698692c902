#include <gmock/gmock.h>

#include "expected_schema/python/evaluator.h"

namespace driftd::python {
namespace {

using testing::ElementsAre;

class Recorder : public Host {
 public:
  std::optional<Source> module_source(const std::string& module, const Place&) override {
    if (module == "pkg.helper") return Source{"helper.py", "def twice(x):\n  return x + x\n"};
    return std::nullopt;
  }
  std::optional<Value> call(Evaluator& evaluator, const Term& term) override {
    seen.push_back(repr(std::make_shared<const Term>(term)));
    if (term.callee == "lib.run")
      return evaluator.call(term.arguments.positional[0], {}, term.place);
    if (term.callee == "lib.name") return Value("n");
    return std::nullopt;
  }
  std::optional<bool> truth(const Value&, const Place&) override { return true; }
  std::optional<Value> enter(const Value&, const Place&) override {
    seen.emplace_back("enter");
    return std::nullopt;
  }
  void leave(const Value&, const Place&) override { seen.emplace_back("leave"); }

  std::vector<std::string> seen;
};

TEST(HostCalls, TermsInOrder) {
  Recorder host;
  Evaluator evaluator(host);
  const auto module = evaluator.load("pkg.m", "m.py",
                                     "import sqlalchemy as sa\nfrom alembic import op\n"
                                     "from lib import name\nfrom . import helper\n"
                                     "from .helper import twice as t\n"
                                     "def f():\n"
                                     "  c = sa.Column('id', sa.Integer(), nullable=False)\n"
                                     "  with op.batch('x') as b:\n"
                                     "    b.add(c.label(t(name())), helper.twice(1))\n");
  evaluator.call(*evaluator.global(*module, "f"), {}, {});
  EXPECT_THAT(
      host.seen,
      ElementsAre("sqlalchemy.Integer()",
                  "sqlalchemy.Column('id', sqlalchemy.Integer(), nullable=False)",
                  "alembic.op.batch('x')", "enter", "lib.name()",
                  testing::StartsWith("sqlalchemy.Column("), testing::HasSubstr(".add("), "leave"));
}

TEST(HostCalls, ExceptionsPassThroughTheHost) {
  Recorder host;
  Evaluator evaluator(host);
  const auto module = evaluator.load("m", "m.py",
                                     "import lib\ndef g():\n  raise KeyError('k')\n"
                                     "def f():\n  try:\n    lib.run(g)\n"
                                     "  except KeyError:\n    return 'caught'\n");
  EXPECT_EQ(repr(evaluator.call(*evaluator.global(*module, "f"), {}, {})), "'caught'");
}

TEST(HostCalls, ExpressionsStayExpressions) {
  Recorder host;
  Evaluator evaluator(host);
  const auto module =
      evaluator.load("m", "m.py", "import a\nr = (a.x() == 1) & ~a.t.c['y'].in_([1])\n");
  EXPECT_EQ(repr(*evaluator.global(*module, "r")), "a.x() == 1 & ~ a.t.c['y'].in_([1])");
}

}  // namespace
}  // namespace driftd::python

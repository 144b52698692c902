#include <gmock/gmock.h>

#include "expected_schema/python/evaluator.h"

namespace driftd::python {
namespace {

using testing::HasSubstr;

struct Wrong {
  std::string source;
  const char* message;
  int line;
};

class Refused : public testing::TestWithParam<Wrong> {};

TEST_P(Refused, AtItsPlace) {
  Host host;
  Evaluator evaluator(host);
  try {
    const auto module = evaluator.load("m", "m.py", GetParam().source);
    const auto upgrade = evaluator.global(*module, "f");
    if (upgrade) evaluator.call(*upgrade, {}, {"m.py", 1, 1});
    FAIL() << "nothing was thrown for " << GetParam().source;
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::NotUnderstood);
    EXPECT_THAT(error.message(), HasSubstr(GetParam().message));
    EXPECT_FALSE(error.hint().empty());
    EXPECT_EQ(error.place().line, GetParam().line) << error.what();
    EXPECT_EQ(error.place().file, "m.py");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Constructs, Refused,
    testing::ValuesIn(std::vector<Wrong>{
        {"x = (1,\ny = = 2", "syntax error near", 1},
        {"import db\ndef f():\n  if db.connect().execute('x'):\n    pass",
         "cannot tell whether `db.connect().execute(...)` is true without running the app", 3},
        {"import db\ndef f():\n  for x in db.rows(): pass", "cannot tell the items of `db.rows()`",
         3},
        {"import db\ndef f():\n  return f'{db.name()}'", "cannot tell `db.name()` as text", 3},
        {"def f():\n  raise ValueError('why')", "the code raises ValueError: why", 2},
        {"def f():\n  return nothing", "name 'nothing' is not defined", 2},
        {"def f():\n  return 2 ** 64", "beyond 64 bits", 2},
        {"def f():\n  match [1]:\n    case [*a]: pass", "a pattern with `*` is not supported", 3},
        {"print 'x'", "Python 2", 1},
        {"x = '\xFF'", "not valid UTF-8", 1},
        {std::string("x = 1\n\0", 7), "NUL", 2},
        {"import db\nx = int(db.value())\ndef f():\n  return x", "cannot tell", 2},
    }));

TEST(Poison, OnlyWhereUsed) {
  Host host;
  Evaluator evaluator(host);
  const auto module =
      evaluator.load("m", "m.py", "import db\nlevel = int(db.level())\nrevision = 'a'\n");
  EXPECT_EQ(repr(*evaluator.global(*module, "revision")), "'a'");
  EXPECT_EQ(evaluator.place_of(*module, "revision").line, 3);
  EXPECT_THROW(evaluator.global(*module, "level"), Error);
  EXPECT_FALSE(evaluator.global(*module, "other"));
}

TEST(Poison, DocstringAndEmptyFile) {
  Host host;
  Evaluator evaluator(host);
  EXPECT_EQ(evaluator.docstring(*evaluator.load("m", "m.py", "\"\"\"a\nb\"\"\"\nx = 1")), "a\nb");
  EXPECT_EQ(evaluator.docstring(*evaluator.load("n", "n.py", "")), "");
}

}  // namespace
}  // namespace driftd::python

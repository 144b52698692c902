// What a migration does to the schema where only the application knew whether it does.
#include <gmock/gmock.h>

#include "tests/support/upgraded.h"

namespace driftd::alembic {
namespace {

using test::refusal;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Takes what is in doubt, too.
struct Taker : test::Sink {
  std::vector<Doubt> doubts;
  std::vector<std::string> doubted;
  bool run_in_doubt(const Statement& statement, const Doubt& doubt) override {
    doubts.push_back(doubt);
    doubted.push_back(statement.sql);
    return true;
  }
};

Taker taken(const std::string& body) {
  return test::upgraded<Taker>(body);
}

constexpr const char* by_rows =
    "    bind = op.get_bind()\n"
    "    if bind.execute(sa.text('SELECT count(*) FROM t')).scalar() > 9:\n"
    "        op.drop_index('a')\n"
    "        op.drop_index('b')\n"
    "    else:\n"
    "        op.drop_index('c')\n"
    "    op.drop_index('d')\n";

TEST(Doubt, WhatRowsDecideIsInDoubtAndTheRestIsNot) {
  const Taker sink = taken(by_rows);
  EXPECT_THAT(sink.doubted,
              ElementsAre("DROP INDEX \"a\"", "DROP INDEX \"b\"", "DROP INDEX \"c\""));
  EXPECT_THAT(sink.sql, testing::Contains("DROP INDEX \"d\""));
  EXPECT_THAT(sink.doubts[0].why,
              StartsWith("whether `DROP INDEX \"a\"` runs depends on what the query at "));
  EXPECT_FALSE(sink.doubts[0].hint.empty());
}

TEST(Doubt, WhatRunsTogetherIsOneGroup) {
  const Taker sink = taken(by_rows);
  ASSERT_EQ(sink.doubts.size(), 3);
  EXPECT_EQ(sink.doubts[0].group, sink.doubts[1].group);
  EXPECT_NE(sink.doubts[1].group, sink.doubts[2].group);
  EXPECT_NE(sink.doubts[0].group, 0);
}

TEST(Doubt, AConditionWithinIsAnotherGroup) {
  const Taker sink = taken(
      "    for row in op.get_bind().execute(sa.text('SELECT a FROM t')):\n"
      "        op.drop_index('a')\n"
      "        if row[0]:\n"
      "            op.drop_index('b')\n");
  ASSERT_EQ(sink.doubts.size(), 2);
  EXPECT_NE(sink.doubts[0].group, sink.doubts[1].group);
}

TEST(Doubt, WhatFollowsALoopThatBreaksIsInDoubtToo) {
  const Taker sink = taken(
      "    while op.get_bind().execute(sa.text('SELECT a FROM t')).scalar():\n"
      "        op.drop_index('a')\n"
      "        break\n"
      "    else:\n"
      "        op.drop_index('b')\n"
      "    op.drop_index('c')\n");
  EXPECT_THAT(sink.doubted, ElementsAre("DROP INDEX \"a\"", "DROP INDEX \"b\""));
  EXPECT_THAT(sink.sql, testing::Contains("DROP INDEX \"c\""));
}

TEST(Doubt, WhereItCannotBeTakenItIsRefused) {
  EXPECT_THAT(refusal("if op.get_bind().execute(sa.text('SELECT 1 FROM t')).first(): "
                      "op.drop_index('a')")
                  .message(),
              StartsWith("whether `DROP INDEX \"a\"` runs depends on what the query at "));
  EXPECT_THAT(
      refusal("op.add_column('t', sa.Column('a', sa.Date(), server_default=sa.func.f(Money)))")
          .message(),
      HasSubstr("server_default of column a"));
}

}  // namespace
}  // namespace driftd::alembic

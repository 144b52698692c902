#include "daemon/compare/compare.h"

#include <gmock/gmock.h>

#include "expected_schema/base/error.h"
#include "tests/unit/compare/catalogue_of.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string users = "app.users";

GivenObjects users_with(std::vector<Given> more) {
  GivenObjects objects{schema("app"), table(users)};
  objects.insert(objects.end(), more.begin(), more.end());
  return objects;
}

TEST(Compare, EqualIsNothing) {
  EXPECT_THAT(compare_given({}, {}), IsEmpty());
  const GivenObjects some = users_with({column(users, "id", 1), index(users, "ix", "id")});
  EXPECT_THAT(compare_given(some, some), IsEmpty());
}

TEST(Compare, RefusesTwoMajors) {
  try {
    compare(Expected{catalogue_of({}, 15)}, Actual{catalogue_of({}, 16)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::ServerVersion);
    EXPECT_THAT(error.message(), testing::HasSubstr("15"));
    EXPECT_THAT(error.message(), testing::HasSubstr("16"));
  }
}

TEST(Compare, AChangedProperty) {
  const auto drifts = compare_given(users_with({column(users, "id", 1, "integer")}),
                                    users_with({column(users, "id", 1, "bigint")}));
  EXPECT_THAT(lines_of(drifts), ElementsAre("changed column app.users.id: type integer -> bigint"));
  ASSERT_TRUE(drifts[0].parent);
  EXPECT_EQ(to_string(*drifts[0].parent), "table app.users");
  EXPECT_THAT(drifts[0].properties, IsEmpty());
}

TEST(Compare, AnAbsentPropertyIsNotAnEmptyOne) {
  const auto with = [](std::vector<std::pair<std::string, std::string>> properties) {
    return GivenObjects{{"domain", "app.d", "", "", std::move(properties)}};
  };
  EXPECT_THAT(lines_of(compare_given(with({{"a", "1"}, {"b", ""}, {"c", "3"}}),
                                     with({{"a", "1"}, {"c", "3"}, {"d", "4"}}))),
              ElementsAre("changed domain app.d: b  -> (none); d (none) -> 4"));
  EXPECT_THAT(lines_of(compare_given(with({{"b", "2"}}), with({{"a", "1"}, {"b", "2"}}))),
              ElementsAre("changed domain app.d: a (none) -> 1"));
  EXPECT_THAT(lines_of(compare_given(with({}), with({{"a", "1"}}))),
              ElementsAre("changed domain app.d: a (none) -> 1"));
}

TEST(Compare, MissingAndUnexpectedKeepTheirProperties) {
  const auto missing =
      compare_given(users_with({column(users, "id", 1, "integer")}), users_with({}));
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_EQ(line_of(missing[0]), "missing column app.users.id");
  EXPECT_THAT(missing[0].properties,
              ElementsAre(Difference{"position", "1", {}}, Difference{"type", "integer", {}},
                          Difference{"not_null", "false", {}}));
  const auto unexpected =
      compare_given(users_with({}), users_with({column(users, "id", 1, "integer")}));
  ASSERT_EQ(unexpected.size(), 1U);
  EXPECT_EQ(line_of(unexpected[0]), "unexpected column app.users.id");
  EXPECT_EQ(unexpected[0].properties[1], (Difference{"type", {}, "integer"}));
}

TEST(Compare, FoldsWhatAMissingObjectContains) {
  Given note{"comment", "column app.users.id", "column", "app.users.id", {{"text", "x"}}};
  const GivenObjects whole = users_with(
      {column(users, "id", 1), column(users, "email", 2), index(users, "ix", "id"), note});
  EXPECT_THAT(lines_of(compare_given(whole, {schema("app")})),
              ElementsAre("missing table app.users +4"));
  EXPECT_THAT(lines_of(compare_given({schema("app")}, whole)),
              ElementsAre("unexpected table app.users +4"));
  EXPECT_THAT(lines_of(compare_given(whole, {})), ElementsAre("missing schema app +5"));
}

TEST(Compare, DoesNotFoldIntoWhatIsThere) {
  EXPECT_THAT(lines_of(compare_given(
                  users_with({column(users, "id", 1), column(users, "email", 2)}), users_with({}))),
              ElementsAre("missing column app.users.email", "missing column app.users.id"));
}

TEST(Compare, AnObjectWhoseParentWasNotReadStandsAlone) {
  EXPECT_THAT(lines_of(compare_given({column(users, "id", 1)}, {})),
              ElementsAre("missing column app.users.id"));
}

TEST(Compare, ACircleOfParentsIsStillTold) {
  const Given a{"table", "a", "table", "b", {}};
  const Given b{"table", "b", "table", "a", {}};
  EXPECT_THAT(lines_of(compare_given({a, b}, {})), ElementsAre("missing table a +1"));
}

TEST(Compare, AnObjectThatMovedToAnotherParent) {
  const GivenObjects tables{schema("app"), table("app.a"), table("app.b")};
  GivenObjects expected = tables;
  GivenObjects actual = tables;
  expected.push_back({"sequence", "app.s", "table", "app.a", {}});
  actual.push_back({"sequence", "app.s", "table", "app.b", {}});
  EXPECT_THAT(lines_of(compare_given(expected, actual)),
              ElementsAre("changed sequence app.s: parent table app.a -> table app.b"));
}

TEST(Compare, IsSortedByObject) {
  EXPECT_THAT(
      lines_of(compare_given({table("app.c"), schema("x")}, {table("app.a"), table("app.b")})),
      ElementsAre("missing schema x", "unexpected table app.a", "unexpected table app.b",
                  "missing table app.c"));
}

// Positions.

GivenObjects columns(const std::string& order, int step = 1) {
  GivenObjects objects{schema("app"), table(users)};
  int position = 1;
  for (const char name : order) {
    if (name != '.') objects.push_back(column(users, std::string(1, name), position));
    position += step;
  }
  return objects;
}

struct PositionCase {
  const char* expected;
  const char* actual;
  std::vector<std::string> lines;
};

TEST(Compare, NamesExactlyTheColumnsThatMoved) {
  const std::vector<PositionCase> cases{
      {"abcd", "abcd", {}},
      {"abcd", "a.b.cd", {}},  // numbers with gaps: columns were dropped here once
      {"abcd", "dabc", {"changed column app.users.d: position 4 (after c) -> 1 (first)"}},
      {"abcd", "bcda", {"changed column app.users.a: position 1 (first) -> 4 (after d)"}},
      {"abcdef",
       "abefcd",
       {"changed column app.users.e: position 5 (after d) -> 3 (after b)",
        "changed column app.users.f: position 6 (after e) -> 4 (after e)"}},
      {"abc", "axbc", {"unexpected column app.users.x"}},
      {"abc", "ac", {"missing column app.users.b"}},
      {"ab",
       "xba",
       {"changed column app.users.a: position 1 (first) -> 2 (after b)",
        "unexpected column app.users.x"}},
  };
  for (const PositionCase& test : cases) {
    SCOPED_TRACE(std::string(test.expected) + " / " + test.actual);
    const auto lines = lines_of(compare_given(columns(test.expected), columns(test.actual)));
    if (std::string(test.expected) == "ab" || std::string(test.expected) == "abcdef") {
      EXPECT_EQ(lines.size(), test.lines.size());  // either of two equally short answers will do
    } else {
      EXPECT_EQ(lines, test.lines);
    }
  }
}

TEST(Compare, NumbersAreNoTexts) {
  EXPECT_THAT(compare_given(columns("abcdefghijkl"), columns("abcdefghijkl", 10)), IsEmpty());
}

TEST(Compare, ADroppedAndAMovedColumnAreTwo) {
  EXPECT_THAT(lines_of(compare_given(columns("abcd"), columns("dac"))),
              ElementsAre("missing column app.users.b",
                          "changed column app.users.d: position 3 (after c) -> 1 (first)"));
}

}  // namespace
}  // namespace driftd

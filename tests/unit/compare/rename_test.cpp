#include <gmock/gmock.h>

#include "tests/unit/compare/catalogue_of.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string users = "app.users";

GivenObjects in_users(std::vector<Given> more) {
  GivenObjects objects{schema("app"), table(users)};
  objects.insert(objects.end(), more.begin(), more.end());
  return objects;
}

/// A table as PostgreSQL shows it: renamed, its indexes and constraints keep their names.
std::vector<Given> whole_table(const std::string& name) {
  return {
      schema("app"),
      table(name),
      column(name, "id", 1, "integer"),
      column(name, "email", 2),
      index(name, "ix_email", "email"),
      {"constraint", "users_pkey on " + name, "table", name, {{"definition", "PRIMARY KEY (id)"}}},
      {"comment", "column " + name + ".email", "column", name + ".email", {{"text", "hi"}}}};
}

TEST(Rename, AColumnInItsPlace) {
  const auto drifts = compare_given(
      in_users({column(users, "id", 1), column(users, "mail", 2), column(users, "age", 3)}),
      in_users({column(users, "id", 1), column(users, "email", 2), column(users, "age", 3)}));
  EXPECT_THAT(lines_of(drifts),
              ElementsAre("renamed column app.users.mail: name app.users.mail -> app.users.email"));
  EXPECT_EQ(drifts[0].folded, 0U);
}

TEST(Rename, AColumnElsewhereIsAnotherColumn) {
  EXPECT_THAT(lines_of(compare_given(in_users({column(users, "a", 1), column(users, "b", 2)}),
                                     in_users({column(users, "b", 2), column(users, "c", 3)}))),
              ElementsAre("missing column app.users.a", "unexpected column app.users.c"));
}

TEST(Rename, OfAnotherTypeIsAnotherColumn) {
  EXPECT_THAT(lines_of(compare_given(in_users({column(users, "a", 1, "integer")}),
                                     in_users({column(users, "b", 1, "bigint")}))),
              ElementsAre("missing column app.users.a", "unexpected column app.users.b"));
}

TEST(Rename, AColumnNamedAsItsType) {
  EXPECT_THAT(lines_of(compare_given(in_users({column(users, "text", 1)}),
                                     in_users({column(users, "body", 1)}))),
              ElementsAre("renamed column app.users.text: name app.users.text -> app.users.body"));
}

TEST(Rename, NeverGuessesBetweenTwo) {
  EXPECT_THAT(lines_of(compare_given(in_users({column(users, "a", 1)}),
                                     in_users({column(users, "b", 1), column(users, "c", 2)}))),
              ElementsAre("missing column app.users.a", "unexpected column app.users.b",
                          "unexpected column app.users.c"));
  EXPECT_THAT(lines_of(compare_given(in_users({column(users, "b", 1), column(users, "c", 2)}),
                                     in_users({column(users, "a", 1)}))),
              ElementsAre("unexpected column app.users.a", "missing column app.users.b",
                          "missing column app.users.c"));
}

TEST(Rename, ATableWithAllThatItContains) {
  const auto drifts = compare_given(whole_table("app.users"), whole_table("app.people"));
  // The index and the primary key keep their names; the index follows its table.
  EXPECT_THAT(lines_of(drifts),
              ElementsAre("renamed table app.users +5: name app.users -> app.people"));
}

TEST(Rename, ATableThatAlsoChangedIsTwo) {
  std::vector<Given> actual = whole_table("app.people");
  actual[2].properties[1].second = "bigint";
  const auto lines = lines_of(compare_given(whole_table("app.users"), actual));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("missing table app.users")));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("unexpected table app.people")));
}

TEST(Rename, ASchema) {
  EXPECT_THAT(lines_of(compare_given({schema("a"), table("a.t"), column("a.t", "id", 1)},
                                     {schema("b"), table("b.t"), column("b.t", "id", 1)})),
              ElementsAre("renamed schema a +2: name a -> b"));
}

TEST(Rename, AnIndex) {
  EXPECT_THAT(lines_of(compare_given(in_users({index(users, "ix_a", "id")}),
                                     in_users({index(users, "ix_b", "id")}))),
              ElementsAre("renamed index app.ix_a: name app.ix_a -> app.ix_b"));
  EXPECT_THAT(lines_of(compare_given(in_users({index(users, "ix_a", "id")}),
                                     in_users({index(users, "ix_b", "email")}))),
              ElementsAre("missing index app.ix_a", "unexpected index app.ix_b"));
}

TEST(Rename, AConstraint) {
  const auto check = [](const std::string& name, const std::string& definition) {
    return in_users(
        {{"constraint", name + " on " + users, "table", users, {{"definition", definition}}}});
  };
  EXPECT_THAT(
      lines_of(compare_given(check("a", "CHECK ((x > 0))"), check("b", "CHECK ((x > 0))"))),
      ElementsAre("renamed constraint a on app.users: name a on app.users -> b on app.users"));
  EXPECT_THAT(
      lines_of(compare_given(check("a", "CHECK ((x > 0))"), check("b", "CHECK ((x > 1))"))),
      ElementsAre("missing constraint a on app.users", "unexpected constraint b on app.users"));
}

TEST(Rename, ExplainsDefinitionsThatFollow) {
  const auto with = [](const std::string& column_name) {
    return in_users(
        {column(users, column_name, 1),
         index(users, "ix", "lower(" + column_name + ")"),
         {"constraint",
          "fk on app.other",
          "table",
          "app.other",
          {{"definition", "FOREIGN KEY (x) REFERENCES app.users(" + column_name + ")"}}},
         {"comment", "column app.users." + column_name, "table", users, {{"text", "t"}}}});
  };
  // Nothing but the column: what names it, names it anew.
  const auto lines = lines_of(compare_given(with("mail"), with("email")));
  EXPECT_THAT(lines,
              ElementsAre("renamed column app.users.mail: name app.users.mail -> app.users.email"));
}

TEST(Rename, HidesNoOtherChange) {
  EXPECT_THAT(
      lines_of(
          compare_given(in_users({column(users, "mail", 1), index(users, "ix", "mail")}),
                        in_users({column(users, "email", 1), index(users, "ix", "lower(email)")}))),
      ElementsAre("renamed column app.users.mail: name app.users.mail -> app.users.email",
                  "changed index app.ix: definition CREATE INDEX ix ON app.users USING "
                  "btree (mail) -> CREATE INDEX ix ON app.users USING btree (lower(email))"));
}

TEST(Rename, ATypeThatColumnsAreOf) {
  const auto with = [](const std::string& type) {
    return in_users(
        {{"enum", type, "schema", "app", {{"labels", "a, b"}}}, column(users, "m", 1, type)});
  };
  EXPECT_THAT(lines_of(compare_given(with("app.mood"), with("app.feeling"))),
              ElementsAre("renamed enum app.mood: name app.mood -> app.feeling"));
}

TEST(Rename, CommentsAndExtensionsHaveNoName) {
  EXPECT_THAT(
      lines_of(compare_given({{"extension", "a", "", "", {}}}, {{"extension", "b", "", "", {}}})),
      ElementsAre("missing extension a", "unexpected extension b"));
}

TEST(Rename, SwappedNamesAreSeen) {
  EXPECT_THAT(compare_given(in_users({column(users, "a", 1, "integer"), column(users, "b", 2)}),
                            in_users({column(users, "b", 1, "integer"), column(users, "a", 2)})),
              testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace driftd

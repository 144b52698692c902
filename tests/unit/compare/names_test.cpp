#include "expected_schema/catalogue/names.h"

#include <gtest/gtest.h>

namespace driftd {
namespace {

TEST(Names, OwnName) {
  EXPECT_EQ(own_name("app"), "app");
  EXPECT_EQ(own_name("app.users"), "users");
  EXPECT_EQ(own_name("app.users.email"), "email");
  EXPECT_EQ(own_name("app.\"a.b\""), "\"a.b\"");
  EXPECT_EQ(own_name("app.\"say \"\"x\"\"\".y"), "y");
  EXPECT_EQ(own_name("users_pkey on app.users"), "users_pkey");
  EXPECT_EQ(own_name("app.f(integer, app.mood)"), "f");
  EXPECT_EQ(own_name("\"unclosed"), "\"unclosed");
  EXPECT_EQ(own_name(""), "");
}

TEST(Names, DottedName) {
  EXPECT_EQ(dotted_name("app.users"), "app.users");
  EXPECT_EQ(dotted_name("app.f(integer)"), "app.f");
  EXPECT_EQ(dotted_name("users_pkey on app.users"), "");
}

TEST(Substitution, ReplacesWholeDottedNames) {
  Substitution names;
  names.add_dotted("app.users", "app.people");
  EXPECT_EQ(names.apply("app.users"), "app.people");
  EXPECT_EQ(names.apply("app.users.email"), "app.people.email");
  EXPECT_EQ(names.apply("REFERENCES app.users(id)"), "REFERENCES app.people(id)");
  EXPECT_EQ(names.apply("nextval('app.users'::regclass)"), "nextval('app.people'::regclass)");
  EXPECT_EQ(names.apply("app.users_id_seq app.usersx xapp.users my.app.users"),
            "app.users_id_seq app.usersx xapp.users my.app.users");
  EXPECT_EQ(names.apply("\"app.users\""), "\"app.users\"");
}

TEST(Substitution, ReplacesBareNamesOutsideLiterals) {
  Substitution names;
  names.add_bare("mail", "email");
  EXPECT_EQ(names.apply("lower(mail) = 'mail' AND new.mail <> mailbox"),
            "lower(email) = 'mail' AND new.email <> mailbox");
  EXPECT_EQ(names.apply("'it''s mail' || mail"), "'it''s mail' || email");
}

TEST(Substitution, KeepsEveryOtherByte) {
  Substitution names;
  names.add_bare("zzz", "y");
  for (const std::string text : {"", "\"", "a\"b", "'", "..", "a..b", ".a.", "\xFF\"\xFE", "1.5"}) {
    EXPECT_EQ(names.apply(text), text);
  }
}

}  // namespace
}  // namespace driftd

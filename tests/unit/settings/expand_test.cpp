#include "daemon/settings/expand.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace driftd {
namespace {

TEST(Expand, TakesTheEnvironment) {
  ::setenv("DRIFTD_TEST_A", "x}y", 1);
  ::setenv("DRIFTD_TEST_EMPTY", "", 1);
  ::unsetenv("DRIFTD_TEST_UNSET");
  std::vector<std::string> mistakes;
  EXPECT_EQ(expand_environment("<${DRIFTD_TEST_A}>", mistakes), "<x}y>");
  EXPECT_EQ(expand_environment("${DRIFTD_TEST_EMPTY}", mistakes), "");
  EXPECT_EQ(expand_environment("${DRIFTD_TEST_EMPTY:-d}${DRIFTD_TEST_UNSET:-}", mistakes), "d");
  EXPECT_EQ(expand_environment("$HOME $ $$ $${A}", mistakes), "$HOME $ $$ ${A}");
  EXPECT_TRUE(mistakes.empty());
}

TEST(Expand, SaysWhatIsWrong) {
  ::unsetenv("DRIFTD_TEST_UNSET");
  for (const char* text : {"${DRIFTD_TEST_UNSET}", "${", "${}", "${1}", "${a b}", "${A-x}"}) {
    std::vector<std::string> mistakes;
    expand_environment(text, mistakes);
    EXPECT_EQ(mistakes.size(), 1U) << text;
  }
}

TEST(Expand, EscapedTextComesBack) {
  for (const char* text : {"${A}", "$${A}", "$", "a${", "plain"}) {
    std::vector<std::string> mistakes;
    EXPECT_EQ(expand_environment(escape_expansion(text), mistakes), text);
    EXPECT_TRUE(mistakes.empty()) << text;
  }
}

TEST(Redact, HidesPasswordsAndNothingElse) {
  EXPECT_EQ(redact_conninfo("postgresql://u:p%40w@db:5432/app?sslmode=require"),
            "postgresql://u:<secret>@db:5432/app?sslmode=require");
  EXPECT_EQ(redact_conninfo("postgresql://u:a@b:c@db/app"), "postgresql://u:<secret>@db/app");
  EXPECT_EQ(redact_conninfo("postgresql://db/app?user=u&password=p&sslpassword=q&x=y"),
            "postgresql://db/app?user=u&password=<secret>&sslpassword=<secret>&x=y");
  EXPECT_EQ(redact_conninfo("postgresql://u@db/app"), "postgresql://u@db/app");
  EXPECT_EQ(redact_conninfo("host=db password = 'a \\' b' dbname=x"),
            "host=db password=<secret> dbname=x");
  EXPECT_EQ(redact_conninfo("password=a\\ b"), "password=<secret>");
  EXPECT_EQ(redact_conninfo("password=a://b host=db"), "password=<secret> host=db");
  EXPECT_EQ(redact_conninfo("hunter2"), "<secret>");
  EXPECT_EQ(redact_conninfo(""), "");
}

}  // namespace
}  // namespace driftd

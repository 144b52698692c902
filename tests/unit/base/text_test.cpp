#include "expected_schema/base/text.h"

#include <gmock/gmock.h>

#include <fstream>
#include <random>

#include "expected_schema/base/error.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Text, JoinsAndSplits) {
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
}

TEST(Text, TrimsBlanks) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, LowersAsciiOnly) {
  EXPECT_EQ(lower("AZaz09_\xC3\x84"), "azaz09_\xC3\x84");
}

TEST(Text, ReadsAFileAsBytes) {
  const std::string path = testing::TempDir() + "driftd_text_test";
  const std::string bytes("a\r\n\0\xFF", 5);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(read_file(path), bytes);
}

TEST(Text, SaysWhichFileCannotBeRead) {
  try {
    read_file("/nowhere/at/all");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Settings);
    EXPECT_THAT(error.message(), HasSubstr("/nowhere/at/all"));
    EXPECT_THAT(error.message(), HasSubstr("No such file"));
  }
}

TEST(Text, RefusesADirectoryAsAFile) {
  EXPECT_THROW(read_file("/"), Error);
}

struct Glob {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(Text, Globs) {
  for (const Glob& glob : std::vector<Glob>{{"", "", true},
                                            {"", "a", false},
                                            {"*", "", true},
                                            {"*", "abc", true},
                                            {"a?c", "abc", true},
                                            {"a?c", "ac", false},
                                            {"a*", "abc", true},
                                            {"a*c", "abbc", true},
                                            {"a*c", "abcb", false},
                                            {"*b*", "abc", true},
                                            {"**", "x", true},
                                            {"a*b*c", "aXbYbZc", true},
                                            {"[a]", "a", false},
                                            {"[a]", "[a]", true},
                                            {"*.sql", "x.sql.bak", false},
                                            {"*aab", "aaaaab", true}}) {
    EXPECT_EQ(glob_matches(glob.pattern, glob.text), glob.matches)
        << glob.pattern << " / " << glob.text;
  }
}

TEST(Text, GlobOfManyStarsEnds) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(20000, 'a')));
}

TEST(Text, NearestIsNearOrNothing) {
  const std::vector<std::string> keys{"interval", "databases", "listen"};
  EXPECT_EQ(nearest("intervall", keys), "interval");
  EXPECT_EQ(nearest("database", keys), "databases");
  EXPECT_EQ(nearest("litsen", keys), "listen");
  EXPECT_EQ(nearest("colour", keys), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Text, KeepsValidUtf8) {
  for (const std::string text : {"", "abc", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                 "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(valid_utf8(text), text);
  }
}

TEST(Text, ReplacesEveryBadByte) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(valid_utf8("a\xFFz"), "a" + bad + "z");
  EXPECT_EQ(valid_utf8("\xC3"), bad);            // cut short
  EXPECT_EQ(valid_utf8("\xC3("), bad + "(");     // no continuation
  EXPECT_EQ(valid_utf8("\xC0\xAF"), bad + bad);  // overlong
  EXPECT_EQ(valid_utf8("\xE0\x80\xAF"), bad + bad + bad);
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), bad + bad + bad);            // a surrogate
  EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80"), bad + bad + bad + bad);  // beyond U+10FFFF
  EXPECT_EQ(valid_utf8("\x80"), bad);
}

TEST(Text, ValidUtf8OfAnythingIsValid) {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes;
    for (std::size_t n = random() % 12; n > 0; --n) bytes += static_cast<char>(random() % 256);
    const std::string once = valid_utf8(bytes);
    EXPECT_EQ(valid_utf8(once), once);
  }
}

TEST(Text, QuotesForSql) {
  EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_identifier(""), "\"\"");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("a\\b'c"), "E'a\\\\b''c'");
}

}  // namespace
}  // namespace driftd

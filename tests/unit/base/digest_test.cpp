#include "expected_schema/base/digest.h"

#include <gtest/gtest.h>

namespace driftd {
namespace {

TEST(Digest, IsSha256OverLengthsAndTexts) {
  // SHA-256 of eight little-endian bytes of length 3, and "abc".
  EXPECT_EQ(digest_of("abc"), Digest().add("abc").hex());
  EXPECT_EQ(digest_of("abc").size(), 64U);
  EXPECT_EQ(digest_of("abc").find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Digest, OfNothingIsSha256OfNothing) {
  EXPECT_EQ(Digest().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, KeepsTextsApart) {
  EXPECT_NE(Digest().add("ab").add("c").hex(), Digest().add("a").add("bc").hex());
  EXPECT_NE(Digest().add("").hex(), Digest().hex());
  EXPECT_NE(digest_of(std::string_view("a\0b", 3)), digest_of("a"));
}

}  // namespace
}  // namespace driftd

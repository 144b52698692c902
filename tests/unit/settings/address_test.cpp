#include "daemon/settings/address.h"

#include <gtest/gtest.h>

#include "expected_schema/base/error.h"

namespace driftd {
namespace {

TEST(Address, IsReadInEveryForm) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:10432").host, "127.0.0.1");
  EXPECT_EQ(parse_listen_address("127.0.0.1:10432").port, 10432);
  EXPECT_EQ(parse_listen_address(":0").host, "");
  EXPECT_EQ(parse_listen_address("[::1]:80").host, "::1");
  EXPECT_EQ(parse_listen_address("localhost:65535").port, 65535);
}

TEST(Address, RefusesTheRest) {
  for (const char* text : {"", "10432", "host:", "host:x", "host:-1", "host:65536", "::1:80",
                           "[::1:80", "[]:80", "::1]:80", "host:80 "}) {
    EXPECT_THROW(parse_listen_address(text), Error) << text;
  }
}

}  // namespace
}  // namespace driftd

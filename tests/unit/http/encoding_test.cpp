#include "daemon/http/encoding.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace driftd::http {
namespace {

TEST(AcceptsGzip, WeighsQualityValues) {
  for (const char* yes : {"gzip", "GZIP", "deflate, gzip", "gzip;q=0.5", "gzip ; q=1.000", "*",
                          "identity;q=0.5, *;q=0.1", "x-gzip", "br,gzip;q=0.001"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const char* no : {"", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *",
                         "gzip;q=x", "gzip;q=-1", "gzip;q=2", "gzipped", "br"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

std::string gunzip(const std::string& packed, std::size_t size) {
  std::string result(size, '\0');
  std::string input = packed;
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return result;
}

TEST(Gzip, IsReadBack) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919);
  EXPECT_EQ(gunzip(gzip(text), text.size()), text);
  EXPECT_LT(gzip(text).size(), text.size());
  EXPECT_EQ(gunzip(gzip("x"), 1), "x");
}

TEST(DecodedPath, UndoesEscapesOnceAndDropsTheQuery) {
  EXPECT_EQ(decoded_path("/databases/a%20b%2Fc?x=%zz#y"), "/databases/a b/c");
  EXPECT_EQ(decoded_path("/%2525"), "/%25");
  EXPECT_EQ(decoded_path("http://host:1/metrics?x"), "/metrics");
  EXPECT_EQ(decoded_path("http://host"), "/");
  EXPECT_EQ(decoded_path("/a/http://b"), "/a/http://b");
  for (const char* broken : {"/%", "/%4", "/%zz", "/%00", "/a%2"}) {
    EXPECT_EQ(decoded_path(broken), "") << broken;
  }
}

}  // namespace
}  // namespace driftd::http

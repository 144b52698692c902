#include "daemon/http/encoding.h"

#include <zlib.h>

#include <charconv>
#include <limits>
#include <optional>
#include <stdexcept>

#include "expected_schema/base/text.h"

namespace driftd::http {
namespace {

/// `0`, `0.5`, `1.000`; what is none of these counts as 0.
double quality_of(std::string_view text) {
  double value = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (failed != std::errc() || end != text.data() + text.size()) return 0;
  return value >= 0 && value <= 1 ? value : 0;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<double> named;
  std::optional<double> any;
  for (const std::string& part : split(accept_encoding, ',')) {
    const auto pieces = split(part, ';');
    const std::string coding = lower(trim(pieces.front()));
    double quality = 1;
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      const std::string parameter = lower(trim(pieces[i]));
      if (parameter.starts_with("q=")) quality = quality_of(parameter.substr(2));
    }
    if (coding == "gzip" || coding == "x-gzip") named = quality;
    if (coding == "*") any = quality;
  }
  return named.value_or(any.value_or(0)) > 0;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;  // zlib.h: 16 more asks for a gzip header
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib cannot begin");
  }
  std::string result(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  // zlib's input is not const by age, not by use.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int outcome = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  if (outcome != Z_STREAM_END) throw std::runtime_error("zlib cannot end");
  return result;
}

std::string decoded_path(std::string_view target) {
  if (const auto scheme = target.find("://");
      scheme != std::string_view::npos && scheme < target.find('/')) {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  target = target.substr(0, target.find_first_of("?#"));
  std::string path;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] != '%') {
      path += target[i];
      continue;
    }
    const int high = i + 2 < target.size() ? hex_digit(target[i + 1]) : -1;
    const int low = i + 2 < target.size() ? hex_digit(target[i + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) return {};
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return path;
}

}  // namespace driftd::http

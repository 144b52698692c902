#include "daemon/settings/address.h"

#include <fmt/format.h>

#include <charconv>

#include "expected_schema/base/error.h"

namespace driftd {

ListenAddress parse_listen_address(const std::string& text) {
  const auto refuse = [&](std::string_view why) {
    return Error(Reason::Settings, fmt::format("\"{}\" is no address to listen on: {}", text, why),
                 "Write it as 127.0.0.1:10432, :10432 or [::1]:10432.");
  };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) throw refuse("the port is missing");
  ListenAddress address{.host = text.substr(0, colon)};
  const std::string_view port = std::string_view(text).substr(colon + 1);
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (failed != std::errc() || end != port.data() + port.size()) {
    throw refuse("the port must be a number from 0 to 65535");
  }
  if (address.host.starts_with('[') != address.host.ends_with(']')) {
    throw refuse("a bracket is missing");
  }
  if (address.host.starts_with('[')) {
    address.host = address.host.substr(1, address.host.size() - 2);
    if (address.host.empty()) throw refuse("the host is missing");
  } else if (address.host.find(':') != std::string::npos) {
    throw refuse("an IPv6 address stands in brackets");
  }
  return address;
}

}  // namespace driftd

#pragma once

#include <string>

namespace driftd {

/// Where the daemon listens. An empty host is every interface.
struct ListenAddress {
  std::string host;
  unsigned short port = 0;
};

/// `host:port`, `:port`, `[::1]:port`. Throws Error{Settings}.
ListenAddress parse_listen_address(const std::string& text);

}  // namespace driftd

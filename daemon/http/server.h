#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "daemon/http/routes.h"

namespace driftd::http {

/// What one client may take of the server.
struct ServerLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 16 * 1024;
  std::size_t connections = 256;             ///< one more is closed at once
  std::chrono::milliseconds request{10000};  ///< from its first byte to its last
  std::chrono::milliseconds answer{30000};   ///< for a client to take it
  std::chrono::milliseconds idle{60000};     ///< between two requests
};

/// Listens and answers. The only file that includes Beast's server side is server.cpp. Runs its
/// io_context on one thread of its own.
class Server {
 public:
  /// Throws Error{Settings} that names the address when it cannot be listened on.
  Server(const std::vector<std::string>& addresses, World world, ServerLimits limits = {});
  /// Lets running answers end for up to a second.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The ports in the order of the addresses, for port 0.
  std::vector<unsigned short> ports() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// One GET, for `driftd healthcheck`: the status code, 0 when nobody answers within 5 s.
int get_status(const std::string& host, unsigned short port, const std::string& target);

}  // namespace driftd::http

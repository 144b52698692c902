#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "daemon/http/server.h"

namespace driftd::http {
namespace {

constexpr timeval patience{.tv_sec = 5, .tv_usec = 0};

/// A file descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

int ask(const addrinfo& address, const std::string& host, const std::string& target) {
  const Socket socket(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) return 0;
  // The time-out for sending is also connect's (socket(7)).
  ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket.number(), address.ai_addr, address.ai_addrlen) != 0) return 0;
  const std::string request =
      "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  if (::send(socket.number(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return 0;
  }
  // "HTTP/1.1 200": twelve bytes are all that is wanted.
  std::string answer;
  std::array<char, 64> buffer{};
  while (answer.size() < 12) {
    const ssize_t count = ::recv(socket.number(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return 0;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return answer.starts_with("HTTP/1.") ? std::atoi(answer.substr(9, 3).c_str()) : 0;
}

}  // namespace

int get_status(const std::string& host, unsigned short port, const std::string& target) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return 0;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    if (const int status = ask(*address, host, target); status != 0) return status;
  }
  return 0;
}

}  // namespace driftd::http

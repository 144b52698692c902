#include "daemon/http/server.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <set>
#include <thread>

#include "daemon/log/log.h"
#include "daemon/settings/address.h"
#include "expected_schema/base/error.h"

namespace driftd::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

/// One client. Lives on the server's thread only.
struct Connection {
  explicit Connection(tcp::socket socket) : stream(std::move(socket)) {}

  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  bool answering = false;
};

Response failed_response(int status, const std::string& text) {
  return plain_response(status, text + "\n", "malformed");
}

/// What a request that could not be read is told; nothing: the client is gone or too slow.
std::optional<Response> refusal(const error_code& failed) {
  using beast::http::error;
  if (failed == error::header_limit) return failed_response(431, "the header is too large");
  if (failed == error::body_limit) return failed_response(413, "the body is too large");
  if (failed == error::end_of_stream || failed == error::partial_message) return {};
  if (failed.category() != beast::http::make_error_code(error::bad_method).category()) return {};
  return failed_response(400, "this is no HTTP request: " + failed.message());
}

beast::http::response<beast::http::string_body> message_of(Response response, unsigned version,
                                                           bool keep_alive) {
  beast::http::response<beast::http::string_body> message;
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  message.set(beast::http::field::content_type, response.content_type);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  for (const auto& [name, value] : response.headers) message.set(name, value);
  return message;
}

/// No program that driftd runs shall keep the port or a client.
void keep_from_children(int socket) {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

tcp::acceptor listen(asio::io_context& context, const std::string& text) {
  const ListenAddress address = parse_listen_address(text);
  const auto refuse = [&](const error_code& why) {
    return Error(Reason::Settings, fmt::format("cannot listen on {}: {}", text, why.message()),
                 "Choose another address with --web.listen-address or web.listen.");
  };
  std::vector<tcp::endpoint> candidates;
  error_code failed;
  if (address.host.empty()) {
    // Where the machine has IPv6 one socket serves both.
    candidates = {{tcp::v6(), address.port}, {tcp::v4(), address.port}};
  } else {
    tcp::resolver resolver(context);
    for (const auto& entry : resolver.resolve(address.host, std::to_string(address.port), failed)) {
      candidates.push_back(entry.endpoint());
    }
    if (failed) throw refuse(failed);
  }
  for (const tcp::endpoint& endpoint : candidates) {
    tcp::acceptor acceptor(context);
    acceptor.open(endpoint.protocol(), failed);
    if (failed) continue;
    keep_from_children(acceptor.native_handle());
    acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    if (address.host.empty() && endpoint.protocol() == tcp::v6()) {
      acceptor.set_option(asio::ip::v6_only(false), failed);
    }
    acceptor.bind(endpoint, failed);
    if (failed) continue;
    acceptor.listen(tcp::acceptor::max_listen_connections, failed);
    if (!failed) return acceptor;
  }
  throw refuse(failed);
}

}  // namespace

struct Server::Storage {
  Storage(const std::vector<std::string>& addresses, World the_world, ServerLimits the_limits)
      : world(std::move(the_world)), limits(the_limits) {
    for (const std::string& address : addresses) acceptors.push_back(listen(context, address));
    for (tcp::acceptor& acceptor : acceptors) {
      asio::co_spawn(context, accept(acceptor), asio::detached);
    }
    thread = std::thread([this] { context.run(); });
  }

  ~Storage() {
    asio::post(context, [this] { stop(); });
    thread.join();
  }

  asio::awaitable<void> accept(tcp::acceptor& acceptor);
  asio::awaitable<void> serve(std::shared_ptr<Connection> connection);
  asio::awaitable<bool> exchange(Connection& connection);
  asio::awaitable<bool> send(Connection& connection, Response response, unsigned version,
                             bool keep_alive);
  Response answer(const beast::http::request<beast::http::string_body>& message) const;
  void stop();
  void forget(const std::shared_ptr<Connection>& connection);

  World world;
  ServerLimits limits;
  bool stopping = false;
  // The frames of coroutines end with it and touch what is above.
  asio::io_context context{1};
  // All below hold sockets and timers, which must end before their context.
  std::set<std::shared_ptr<Connection>> connections;
  asio::steady_timer last_call{context};
  std::vector<tcp::acceptor> acceptors;
  std::thread thread;
};

asio::awaitable<void> Server::Storage::accept(tcp::acceptor& acceptor) {
  asio::steady_timer pause(context);
  while (!stopping) {
    error_code failed;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
    if (stopping) co_return;
    if (failed) {
      // Out of descriptors, most likely: the next try would fail as fast.
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
      continue;
    }
    keep_from_children(socket.native_handle());
    if (connections.size() >= limits.connections) continue;
    auto connection = std::make_shared<Connection>(std::move(socket));
    connections.insert(connection);
    asio::co_spawn(context, serve(connection), asio::detached);
  }
}

asio::awaitable<void> Server::Storage::serve(std::shared_ptr<Connection> connection) {
  try {
    bool more = true;
    while (more && !stopping) more = co_await exchange(*connection);
  } catch (const std::exception& e) {
    log::error("a connection ended by an error", {{"error", e.what()}});
  }
  error_code ignored;
  connection->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  forget(connection);
}

/// One request and its answer; false when the connection shall end.
asio::awaitable<bool> Server::Storage::exchange(Connection& connection) {
  error_code failed;
  beast::tcp_stream& stream = connection.stream;
  if (connection.buffer.size() == 0) {
    stream.expires_after(limits.idle);
    const std::size_t count = co_await stream.async_read_some(
        connection.buffer.prepare(4096), asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return false;
    connection.buffer.commit(count);
  }
  beast::http::request_parser<beast::http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  // One deadline for the whole request: a client that drips bytes gains nothing.
  stream.expires_after(limits.request);
  co_await beast::http::async_read(stream, connection.buffer, parser,
                                   asio::redirect_error(asio::use_awaitable, failed));
  if (failed) {
    std::optional<Response> refused = refusal(failed);
    if (refused) co_await send(connection, std::move(*refused), 11, false);
    co_return false;
  }
  const bool keep_alive = parser.get().keep_alive() && !stopping;
  Response response = answer(parser.get());
  co_return co_await send(connection, std::move(response), parser.get().version(), keep_alive);
}

asio::awaitable<bool> Server::Storage::send(Connection& connection, Response response,
                                            unsigned version, bool keep_alive) {
  if (world.answered) world.answered(response);
  auto message = message_of(std::move(response), version, keep_alive);
  error_code failed;
  connection.answering = true;
  connection.stream.expires_after(limits.answer);
  // The serializer is ours, so that a HEAD's Content-Length may stand over an empty body.
  beast::http::response_serializer<beast::http::string_body> serializer(message);
  co_await beast::http::async_write(connection.stream, serializer,
                                    asio::redirect_error(asio::use_awaitable, failed));
  connection.answering = false;
  co_return !failed && keep_alive;
}

Response Server::Storage::answer(
    const beast::http::request<beast::http::string_body>& message) const {
  Request request{.method = std::string(message.method_string()),
                  .target = std::string(message.target()),
                  .headers = {}};
  for (const auto& field : message) {
    request.headers.emplace_back(field.name_string(), field.value());
  }
  try {
    return route(request, world);
  } catch (const std::exception& e) {
    log::error("a request failed", {{"target", request.target}, {"error", e.what()}});
    return plain_response(500, "driftd failed to answer; its log says why\n", "failed");
  }
}

void Server::Storage::stop() {
  stopping = true;
  error_code ignored;
  for (tcp::acceptor& acceptor : acceptors) acceptor.close(ignored);
  for (const auto& connection : connections) {
    if (!connection->answering) connection->stream.close();
  }
  if (connections.empty()) return;
  last_call.expires_after(std::chrono::seconds(1));
  last_call.async_wait([this](const error_code& cancelled) {
    if (!cancelled) context.stop();
  });
}

void Server::Storage::forget(const std::shared_ptr<Connection>& connection) {
  connections.erase(connection);
  if (stopping && connections.empty()) last_call.cancel();
}

Server::Server(const std::vector<std::string>& addresses, World world, ServerLimits limits)
    : storage_(std::make_unique<Storage>(addresses, std::move(world), limits)) {}

Server::~Server() = default;

std::vector<unsigned short> Server::ports() const {
  std::vector<unsigned short> ports;
  for (const tcp::acceptor& acceptor : storage_->acceptors) {
    ports.push_back(acceptor.local_endpoint().port());
  }
  return ports;
}

}  // namespace driftd::http

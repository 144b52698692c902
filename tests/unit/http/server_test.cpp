#include "daemon/http/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "expected_schema/base/error.h"

namespace driftd::http {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A client that sends whatever it is told to.
class RawClient {
 public:
  explicit RawClient(unsigned short port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool send(const std::string& text) {
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  /// Until the text ends with `end`, or the server closes.
  std::string receive(const std::string& end = "no such end") {
    std::string text;
    std::array<char, 4096> buffer{};
    while (!text.ends_with(end)) {
      const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
      closed_ = count == 0;
      if (count <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
  }
  bool closed() const { return closed_; }

 private:
  int socket_;
  bool closed_ = false;
};

World example_world() {
  World world;
  world.published = [] { return AllPublished{}; };
  world.alive = [] { return true; };
  world.ready = [] { return true; };
  world.now = [] { return Time{}; };
  world.own_metrics = [] { return std::string("own_metric 1\n"); };
  return world;
}

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

TEST(Server, KeepsAConnectionForTheNextRequest) {
  Server server({"127.0.0.1:0"}, example_world());
  RawClient client(server.ports().at(0));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(get("/-/healthy")));
    EXPECT_THAT(client.receive("ok\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  client.send(get("/-/healthy") + get("/-/ready"));
  EXPECT_THAT(client.receive("ready\n"), HasSubstr("ok\n"));
  client.send("GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.receive(), EndsWith("ok\n"));
  EXPECT_TRUE(client.closed());
}

TEST(Server, AnswersHeadWithoutABody) {
  Server server({"127.0.0.1:0"}, example_world());
  RawClient client(server.ports().at(0));
  client.send("HEAD /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n" + get("/-/ready"));
  const std::string answers = client.receive("ready\n");
  EXPECT_THAT(answers, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(answers, testing::Not(HasSubstr("ok\n")));
  EXPECT_THAT(answers, HasSubstr("\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST(Server, RefusesWhatIsNoHttp) {
  Server server({"127.0.0.1:0"}, example_world());
  for (const char* text :
       {"nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n"}) {
    RawClient client(server.ports().at(0));
    client.send(text);
    EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 400 ")) << text;
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(get_status("127.0.0.1", server.ports().at(0), "/-/healthy"), 200);
}

TEST(Server, RefusesWhatIsTooLarge) {
  Server server({"127.0.0.1:0"}, example_world());
  RawClient header(server.ports().at(0));
  header.send("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
  EXPECT_THAT(header.receive(), StartsWith("HTTP/1.1 431 "));
  RawClient body(server.ports().at(0));
  body.send("POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_THAT(body.receive(), StartsWith("HTTP/1.1 413 "));
}

TEST(Server, LeavesAClientThatDripsBytes) {
  Server server({"127.0.0.1:0"}, example_world(), {.request = milliseconds(300)});
  RawClient client(server.ports().at(0));
  const auto began = std::chrono::steady_clock::now();
  // A drip well within any time-out for a single read.
  bool open = client.send("GET / HTTP/1.1\r\n");
  while (open && std::chrono::steady_clock::now() - began < std::chrono::seconds(10)) {
    std::this_thread::sleep_for(milliseconds(50));
    open = client.send("X");
  }
  EXPECT_FALSE(open);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

TEST(Server, LeavesAClientThatSaysNothing) {
  Server server({"127.0.0.1:0"}, example_world(), {.idle = milliseconds(100)});
  RawClient client(server.ports().at(0));
  EXPECT_EQ(client.receive(), "");
  EXPECT_TRUE(client.closed());
}

TEST(Server, TakesNoMoreConnectionsThanItMay) {
  Server server({"127.0.0.1:0"}, example_world(), {.connections = 1});
  RawClient first(server.ports().at(0));
  first.send(get("/-/healthy"));
  first.receive("ok\n");
  RawClient second(server.ports().at(0));
  second.send(get("/-/healthy"));
  EXPECT_EQ(second.receive(), "");
  first.send(get("/-/healthy"));
  EXPECT_THAT(first.receive("ok\n"), StartsWith("HTTP/1.1 200"));
}

TEST(Server, AFailureBehindARouteIs500) {
  World world = example_world();
  world.own_metrics = []() -> std::string { throw Error(Reason::Internal, "broken"); };
  std::atomic<int> counted = 0;
  world.answered = [&](const Response& response) { counted = response.status; };
  Server server({"127.0.0.1:0"}, world);
  EXPECT_EQ(get_status("127.0.0.1", server.ports().at(0), "/metrics"), 500);
  EXPECT_EQ(counted, 500);
}

TEST(Server, EndsAtOnceWithOpenConnections) {
  auto server = std::make_unique<Server>(std::vector<std::string>{"127.0.0.1:0"}, example_world());
  RawClient idle(server->ports().at(0));
  idle.send(get("/-/healthy"));
  idle.receive("ok\n");
  RawClient half(server->ports().at(0));
  half.send("GET / HTTP/1.1\r\n");
  std::this_thread::sleep_for(milliseconds(50));
  const auto began = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(900));
  EXPECT_EQ(idle.receive(), "");
}

TEST(Server, EndsWithAClientThatDoesNotRead) {
  World world = example_world();
  world.own_metrics = [] { return std::string(1 << 20, 'x'); };
  auto server = std::make_unique<Server>(std::vector<std::string>{"127.0.0.1:0"}, world);
  RawClient stalled(server->ports().at(0));
  // More than what any socket buffers, so that an answer is under way.
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(stalled.send(get("/metrics")));
  std::this_thread::sleep_for(milliseconds(200));
  const auto began = std::chrono::steady_clock::now();
  server.reset();
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GT(took, milliseconds(900)) << "nothing was under way";
  EXPECT_LT(took, milliseconds(3000));
}

TEST(Server, LeavesNoSocketToTheProgramsThatItsProcessRuns) {
  Server server({"127.0.0.1:0"}, example_world());
  RawClient client(server.ports().at(0));
  client.send(get("/-/healthy"));
  client.receive("ok\n");
  int of_server = 0;
  for (int number = 3; number < 256; ++number) {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    if (::getsockname(number, reinterpret_cast<sockaddr*>(&own), &size) != 0) continue;
    if (own.sin_family != AF_INET || ntohs(own.sin_port) != server.ports().at(0)) continue;
    ++of_server;
    EXPECT_NE(::fcntl(number, F_GETFD) & FD_CLOEXEC, 0);
  }
  EXPECT_EQ(of_server, 2) << "the listener and the connection";
}

TEST(Server, ListensOnSeveralAddressesAndRefusesATakenOne) {
  Server server({"127.0.0.1:0", ":0"}, example_world());
  for (const unsigned short port : server.ports()) {
    EXPECT_EQ(get_status("127.0.0.1", port, "/-/healthy"), 200);
  }
  const std::string taken = "127.0.0.1:" + std::to_string(server.ports().at(0));
  try {
    Server second({taken}, example_world());
    FAIL() << "two servers on one address";
  } catch (const Error& e) {
    EXPECT_THAT(e.message(), HasSubstr(taken));
    EXPECT_EQ(e.reason(), Reason::Settings);
  }
}

TEST(Client, NobodyThereIsZero) {
  unsigned short port = 0;
  { port = Server({"127.0.0.1:0"}, example_world()).ports().at(0); }
  EXPECT_EQ(get_status("127.0.0.1", port, "/"), 0);
  EXPECT_EQ(get_status("no-such-host.invalid", port, "/"), 0);
}

}  // namespace
}  // namespace driftd::http

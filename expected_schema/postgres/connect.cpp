#include "expected_schema/postgres/connect.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/postgres/conninfo.h"
#include "expected_schema/postgres/password.h"
#include "expected_schema/postgres/server_error.h"

namespace driftd {
namespace {
using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds glance{50};  // how soon a stop is noticed

/// The endpoint's options, and ours where it and its service say nothing.
std::map<std::string, std::string> options_of(const Endpoint& endpoint,
                                              const std::stop_token& stop) {
  auto options = parse_conninfo(libpq_conninfo(endpoint.conninfo));
  if (auto password = read_password(endpoint, stop)) options["password"] = std::move(*password);
  options.try_emplace("fallback_application_name", "driftd");
  if (!options.contains("service")) {
    options.try_emplace("keepalives_idle", "30");
    options.try_emplace("keepalives_interval", "10");
    options.try_emplace("keepalives_count", "3");
  }
  return options;
}

std::chrono::milliseconds connect_timeout(PGconn* connection) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfo(connection),
                                                                             &PQconninfoFree);
  for (const PQconninfoOption* o = options.get(); o != nullptr && o->keyword != nullptr; ++o) {
    if (std::string_view(o->keyword) != "connect_timeout" || o->val == nullptr) continue;
    const std::string_view text = o->val;
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (seconds > 0) return std::chrono::seconds(std::max(2, seconds));  // libpq: 2 at least
  }
  return std::chrono::milliseconds::max();
}

/// `text` with the password replaced; libpq shows none, but a server's own message may.
std::string without_password(std::string text, const std::string& password) {
  if (password.size() < 3) return text;  // would tear words apart and tell the password by that
  for (auto at = text.find(password); at != std::string::npos; at = text.find(password, at + 3)) {
    text.replace(at, password.size(), "***");
  }
  return text;
}

void ignore_notice(void* /*argument*/, const PGresult* /*result*/) {}
}  // namespace

void CloseConnection::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

RawConnection connect(const Endpoint& endpoint, std::chrono::milliseconds limit,
                      const std::stop_token& stop) {
  const auto begun = Clock::now();
  const auto options = options_of(endpoint, stop);
  const std::string whereto = describe(endpoint);
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : options) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);

  RawConnection connection(PQconnectStartParams(keywords.data(), values.data(), 0));
  if (!connection) throw Error(Reason::Internal, "libpq is out of memory");
  PGconn* const raw = connection.get();
  PQsetNoticeReceiver(raw, &ignore_notice, nullptr);
  PQsetErrorVerbosity(raw, PQERRORS_VERBOSE);
  const auto refuse = [&]() -> Error {
    const auto found = options.find("password");
    const std::string password = found == options.end() ? std::string() : found->second;
    return connect_error(whereto, without_password(PQerrorMessage(raw), password));
  };
  if (PQstatus(raw) == CONNECTION_BAD) throw refuse();

  limit = std::min(limit, connect_timeout(raw));
  for (auto want = PGRES_POLLING_WRITING; want != PGRES_POLLING_OK; want = PQconnectPoll(raw)) {
    if (want == PGRES_POLLING_FAILED) throw refuse();
    pollfd socket{PQsocket(raw), 0, 0};
    socket.events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    int ready = 0;
    while (ready <= 0) {
      if (stop.stop_requested())
        throw Error(Reason::Timeout, "stopped while connecting to " + whereto);
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(begun + limit - Clock::now());
      if (left.count() <= 0) {
        throw Error(
            Reason::Timeout,
            fmt::format("cannot connect to {}: no answer for {} ms", whereto, limit.count()),
            "Check that the server lives and that no firewall drops the packets.");
      }
      ready = ::poll(&socket, 1, static_cast<int>(std::min(left, glance).count()));
    }
  }
  PQsetErrorVerbosity(raw, PQERRORS_DEFAULT);
  return connection;
}

}  // namespace driftd

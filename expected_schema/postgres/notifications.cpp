#include "expected_schema/postgres/notifications.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/postgres/connect.h"
#include "expected_schema/postgres/server_error.h"
#include "expected_schema/postgres/watchdog.h"

namespace driftd {
namespace {

using Clock = std::chrono::steady_clock;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// Becomes readable when a stop is requested.
class StopSignal {
 public:
  explicit StopSignal(const std::stop_token& stop)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), on_stop_(stop, [this] { raise(); }) {
    if (event_ < 0) throw Error(Reason::Internal, "no file descriptor is left for a wait");
  }
  ~StopSignal() {
    if (event_ >= 0) ::close(event_);
  }
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  int descriptor() const { return event_; }

 private:
  void raise() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
  }

  int event_;
  std::stop_callback<std::function<void()>> on_stop_;
};

}  // namespace

struct Notifications::Storage {
  std::string whereto;
  std::chrono::milliseconds limit;
  std::stop_token stop;
  RawConnection connection;
  std::unique_ptr<Watchdog> watchdog;  // after the connection, whose socket it watches
  std::unique_ptr<StopSignal> stopped;
  std::set<int> notifiers;  // process ids

  Error lost() const {
    return {Reason::Connect, "lost the connection to " + whereto,
            "The server ended the session or went away; see its log."};
  }

  Result run(const std::string& sql) {
    watchdog->watch(Clock::now() + limit, stop);
    Result result(PQexec(connection.get(), sql.c_str()));
    const std::string why = watchdog->fired();
    watchdog->rest();
    if (!why.empty()) throw Error(Reason::Timeout, fmt::format("gave up on {}: {}", whereto, why));
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    if (state == nullptr || PQstatus(connection.get()) == CONNECTION_BAD) throw lost();
    throw server_error(state, PQresultErrorMessage(result.get()));
  }

  /// What has come; true when that is anything.
  bool take() {
    bool any = false;
    using Notify = std::unique_ptr<PGnotify, void (*)(void*)>;
    while (const Notify one{PQnotifies(connection.get()), &PQfreemem}) {
      notifiers.insert(one->be_pid);
      any = true;
    }
    return any;
  }
};

Notifications::Notifications(const Endpoint& endpoint, const std::string& channel,
                             std::chrono::milliseconds limit, std::stop_token stop)
    : storage_(std::make_unique<Storage>()) {
  Storage& s = *storage_;
  s.whereto = describe(endpoint);
  s.limit = limit;
  s.stop = std::move(stop);
  s.connection = connect(endpoint, limit, s.stop);
  s.watchdog = std::make_unique<Watchdog>(PQsocket(s.connection.get()));
  s.stopped = std::make_unique<StopSignal>(s.stop);
  // A pooler greets with a process id of its own making.
  const Result own = s.run("SELECT pg_catalog.pg_backend_pid()");
  if (PQgetvalue(own.get(), 0, 0) != std::to_string(PQbackendPID(s.connection.get()))) {
    throw Error(
        Reason::Settings,
        fmt::format("the connection to {} goes through a pooler, which has no LISTEN", s.whereto),
        "Name a direct connection in ddl_log.database.");
  }
  s.run("LISTEN " + quote_identifier(channel));
}

Notifications::~Notifications() = default;

bool Notifications::wait(std::chrono::milliseconds at_most) {
  Storage& s = *storage_;
  const auto until = Clock::now() + at_most;
  while (true) {
    if (s.take()) return true;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0 || s.stop.stop_requested()) return false;
    pollfd sources[] = {{PQsocket(s.connection.get()), POLLIN, 0},
                        {s.stopped->descriptor(), POLLIN, 0}};
    const auto most = std::min(left, std::chrono::milliseconds(60000));
    if (::poll(sources, 2, static_cast<int>(most.count())) < 0 && errno != EINTR) throw s.lost();
    if (sources[0].revents != 0 && PQconsumeInput(s.connection.get()) == 0) throw s.lost();
  }
}

bool Notifications::busy() {
  if (storage_->notifiers.empty()) return false;
  std::vector<std::string> pids;
  for (const int pid : storage_->notifiers) pids.push_back(std::to_string(pid));
  // Whoever is in a transaction holds a lock on its number; everybody may see that.
  const Result rows = storage_->run(fmt::format(
      "SELECT FROM pg_catalog.pg_locks l WHERE l.locktype OPERATOR(pg_catalog.=) 'virtualxid' AND "
      "l.pid OPERATOR(pg_catalog.=) ANY ('{{{}}}') LIMIT 1",
      join(pids, ",")));
  return PQntuples(rows.get()) > 0;
}

void Notifications::forget() {
  storage_->notifiers.clear();
}

}  // namespace driftd

#include "expected_schema/postgres/session.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "expected_schema/base/error.h"
#include "expected_schema/postgres/connect.h"
#include "expected_schema/postgres/server_error.h"
#include "expected_schema/postgres/watchdog.h"

namespace driftd {
namespace {

#if PQXX_VERSION_MAJOR < 7
/// libpqxx 6 connects by policies: this one hands out a connection that is made, once.
class Adoption : public pqxx::connectionpolicy {
 public:
  explicit Adoption(RawConnection connection)
      : connectionpolicy(std::string()), connection_(std::move(connection)) {}
  handle do_startconnect(handle present) override {
    return present != nullptr ? present : connection_.release();
  }
  handle do_completeconnect(handle present) override { return present; }
  bool is_ready(handle present) const noexcept override { return present != nullptr; }

 private:
  RawConnection connection_;
};

class Connection : public pqxx::connection_base {
 public:
  explicit Connection(RawConnection connection)
      : connection_base(policy_), policy_(std::move(connection)) {
    init();
  }
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

 private:
  Adoption policy_;
};

std::unique_ptr<Connection> adopt(RawConnection connection) {
  return std::make_unique<Connection>(std::move(connection));
}

pqxx::result run(pqxx::nontransaction& transaction, const std::string& sql,
                 const std::vector<const char*>& parameters) {
  return transaction.exec_params(sql, pqxx::prepare::make_dynamic_params(parameters));
}
#else
using Connection = pqxx::connection;

std::unique_ptr<Connection> adopt(RawConnection connection) {
  return std::make_unique<Connection>(pqxx::connection::seize_raw_connection(connection.release()));
}

pqxx::result run(pqxx::nontransaction& transaction, const std::string& sql,
                 const std::vector<const char*>& parameters) {
  pqxx::params all;
  for (const char* parameter : parameters) all.append(parameter);
  return transaction.exec_params(sql, all);
}
#endif

}  // namespace

struct Rows::Storage {
  pqxx::result result;
  // The row that was read last: making one counts references up and down.
  pqxx::row row;
  std::size_t number = static_cast<std::size_t>(-1);
};

Rows::Rows() : storage_(std::make_unique<Storage>()) {}
Rows::~Rows() = default;
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;

std::size_t Rows::size() const {
  return static_cast<std::size_t>(storage_->result.size());
}
std::size_t Rows::columns() const {
  return static_cast<std::size_t>(storage_->result.columns());
}

std::string_view Rows::name(std::size_t column) const {
  return storage_->result.column_name(static_cast<pqxx::row_size_type>(column));
}

std::uint32_t Rows::type(std::size_t column) const {
  return storage_->result.column_type(static_cast<pqxx::row::size_type>(column));
}

std::optional<std::string_view> Rows::at(std::size_t row, std::size_t column) const {
  if (storage_->number != row) {
    storage_->row = storage_->result[static_cast<pqxx::result_size_type>(row)];
    storage_->number = row;
  }
  const auto value = storage_->row[static_cast<pqxx::row_size_type>(column)];
  if (value.is_null()) return std::nullopt;
  return std::string_view(value.c_str(), value.size());
}

std::string Rows::text(std::size_t row, std::size_t column) const {
  const auto value = at(row, column);
  if (!value) throw Error(Reason::Internal, fmt::format("a NULL in column {}", name(column)));
  return std::string(*value);
}

struct Session::Storage {
  std::unique_ptr<Connection> connection;
  std::unique_ptr<Watchdog> watchdog;  // after the connection, whose socket it watches
  std::string whereto;

  /// Runs `work` and turns every failure into an Error.
  template <typename Work>
  auto guarded(const Work& work) {
    try {
      if (const std::string why = watchdog->fired(); !why.empty()) throw timeout(why);
      pqxx::nontransaction transaction(*connection);
      return work(transaction);
    } catch (const Error&) {
      throw;
    } catch (const std::exception& e) {
      // Whatever libpq made of the closed socket: this is the cause.
      if (const std::string why = watchdog->fired(); !why.empty()) throw timeout(why);
      throw translated(e);
    }
  }

  void watch(std::chrono::milliseconds limit, const std::stop_token& stop) {
    std::optional<Watchdog::Clock::time_point> deadline;
    if (limit.count() > 0) deadline = Watchdog::Clock::now() + limit;
    watchdog->watch(deadline, stop);
  }

  Error timeout(const std::string& why) const {
    return {Reason::Timeout, fmt::format("gave up on {}: {}", whereto, why),
            "The server may hang or be overloaded; look at pg_stat_activity for application_name "
            "driftd."};
  }

  Error translated(const std::exception& e) const {
    if (const auto* error = dynamic_cast<const pqxx::sql_error*>(&e)) {
      if (!error->sqlstate().empty()) return server_error(error->sqlstate(), error->what());
      // libpqxx 6 drops the SQLSTATE where it has a class of its own for it.
      const bool no_right = dynamic_cast<const pqxx::insufficient_privilege*>(&e) != nullptr;
      return server_error(no_right ? "42501" : "XX000", error->what());
    }
    if (dynamic_cast<const pqxx::serialization_failure*>(&e) != nullptr) {
      return server_error("40001", e.what());
    }
    if (dynamic_cast<const pqxx::deadlock_detected*>(&e) != nullptr) {
      return server_error("40P01", e.what());
    }
    if (dynamic_cast<const pqxx::transaction_rollback*>(&e) != nullptr) {
      return server_error("40000", e.what());
    }
    if (dynamic_cast<const pqxx::broken_connection*>(&e) != nullptr || !connection->is_open()) {
      // libpqxx keeps nothing of the server's last words.
      return {Reason::Connect, "lost the connection to " + whereto,
              "The server ended the session or went away; see its log."};
    }
    return {Reason::Internal, e.what()};
  }
};

Session::Session(const Endpoint& endpoint, const Limits& limits, std::stop_token stop)
    : storage_(std::make_unique<Storage>()) {
  Storage& s = *storage_;
  s.whereto = describe(endpoint);
  RawConnection raw = connect(endpoint, limits.connect, stop);
  const int socket = PQsocket(raw.get());
  try {
    s.connection = adopt(std::move(raw));
  } catch (const std::exception& e) {
    throw Error(Reason::Connect,
                fmt::format("cannot use the connection to {}: {}", s.whereto, e.what()));
  }
  s.watchdog = std::make_unique<Watchdog>(socket);
  s.watch(limits.session, stop);
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Rows Session::query(const std::string& sql,
                    const std::vector<std::optional<std::string>>& parameters) {
  std::vector<const char*> texts;
  texts.reserve(parameters.size());
  for (const auto& parameter : parameters) {
    texts.push_back(parameter ? parameter->c_str() : nullptr);
  }
  Rows rows;
  rows.storage_->result = storage_->guarded(
      [&](pqxx::nontransaction& transaction) { return run(transaction, sql, texts); });
  return rows;
}

void Session::execute(const std::string& sql) {
  storage_->guarded([&](pqxx::nontransaction& transaction) { return transaction.exec(sql); });
}

int Session::server_major() const {
  return storage_->connection->server_version() / 10000;
}

void Session::rest() {
  storage_->watchdog->rest();
}

void Session::wake(std::chrono::milliseconds limit, const std::stop_token& stop) {
  storage_->watch(limit, stop);
}

}  // namespace driftd

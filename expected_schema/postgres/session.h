#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/postgres/endpoint.h"

namespace driftd {

/// The rows of a query. Text belongs to the rows, and lives as long as they do.
class Rows {
 public:
  Rows();
  ~Rows();
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;

  std::size_t size() const;
  std::size_t columns() const;
  std::string_view name(std::size_t column) const;
  std::uint32_t type(std::size_t column) const;  ///< pg_type.oid
  /// Nothing for SQL NULL.
  std::optional<std::string_view> at(std::size_t row, std::size_t column) const;
  /// The text of a value that cannot be NULL. Throws Error{Internal} when it is.
  std::string text(std::size_t row, std::size_t column) const;

 private:
  friend class Session;
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// How long driftd waits. All are driftd's own clocks: they end a session whose server no longer
/// answers, which no server-side time-out can.
struct Limits {
  std::chrono::milliseconds connect{5000};
  std::chrono::milliseconds session{30000};  ///< from connected to closed; zero: no limit
};

/// One connection, used by one thread. Failures are Error with the Reason that fits the SQLSTATE:
/// Connect, Auth, Permission, Timeout (57014, the deadline), LockTimeout (55P03),
/// CatalogueChanged (40001, 40P01, "cache lookup failed", "could not open relation"), else
/// Query, whose message is the server's and whose hint is the server's DETAIL and HINT.
class Session {
 public:
  /// Connects. When `stop` is requested, or the limit is over, whatever the session is doing
  /// ends at once with Error{Timeout}.
  explicit Session(const Endpoint& endpoint, const Limits& limits = {}, std::stop_token stop = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  /// One statement by the unnamed extended protocol (what pgbouncer in transaction mode allows).
  /// `$1`... take the parameters as text.
  Rows query(const std::string& sql,
             const std::vector<std::optional<std::string>>& parameters = {});
  /// One or several statements by the simple protocol; rows are thrown away. With several, the
  /// server runs them as one transaction unless they say otherwise.
  void execute(const std::string& sql);

  int server_major() const;

  /// Between two uses of a kept session: no clock runs, and no stop ends it.
  void rest();
  /// Until the next rest(): as the constructor's `limits.session` and `stop`, from now on.
  void wake(std::chrono::milliseconds limit, const std::stop_token& stop);

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "expected_schema/postgres/endpoint.h"

struct pg_conn;  // libpq's PGconn

namespace driftd {

struct CloseConnection {
  void operator()(pg_conn* connection) const;
};
using RawConnection = std::unique_ptr<pg_conn, CloseConnection>;

/// Connects with libpq's non-blocking calls, since nothing else notices a stop or a server that
/// accepts and then says nothing. Only the resolving of a host name cannot be interrupted.
/// The limit is the smaller of `limit` and libpq's connect_timeout; notices are thrown away.
RawConnection connect(const Endpoint& endpoint, std::chrono::milliseconds limit,
                      const std::stop_token& stop);

}  // namespace driftd

#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "expected_schema/postgres/server_state.h"
#include "expected_schema/postgres/session.h"

namespace driftd {

/// The session of one look, kept for the next: to connect costs more than to find that nothing has
/// changed. Between looks it is idle and holds nothing: no transaction, no snapshot, no prepared
/// statement, no setting; a pooler in transaction mode has its server connection back.
class KeptSession {
 public:
  /// Wakes the session that was kept and asks what it speaks to. Nothing where there is none, or
  /// where it is of no more use: closed, silent for `limits.connect`, or to a server that has
  /// become another one. Throws only when stopped.
  std::optional<ServerState> resume(const Limits& limits, const std::stop_token& stop);
  /// A new session in place of what was kept. Throws what Session throws.
  Session& connect(const Endpoint& endpoint, const Limits& limits, const std::stop_token& stop);
  /// After resume() gave a state, or connect().
  Session& session() { return *session_; }

  /// The look is over, and the next one comes after about `pause`: keeps the session, or closes it
  /// when it would lie idle for long or is old. An old session's server process has grown, and the
  /// password, the address or the rights that it was opened with may have changed.
  void rest(std::chrono::milliseconds pause);
  void close() { session_.reset(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::optional<Session> session_;
  Clock::time_point connected_;
  Clock::time_point rested_;
};

}  // namespace driftd

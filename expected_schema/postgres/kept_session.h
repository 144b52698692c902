#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "expected_schema/postgres/server_state.h"
#include "expected_schema/postgres/session.h"

namespace driftd {

/// How many idle sessions there may be on one server at the same time. For several threads.
class IdleSessions {
 public:
  explicit IdleSessions(int most) : left_(most) {}

  bool take();
  void give_back() { ++left_; }

 private:
  std::atomic<int> left_;
};

/// The session of one look, kept for the next: to connect costs more than to find that nothing has
/// changed. Between looks it is idle and holds nothing: no transaction, no snapshot, no prepared
/// statement, no setting; a pooler in transaction mode has its server connection back.
class KeptSession {
 public:
  /// `shared`: of all who look at databases of the same server; null: no bound.
  explicit KeptSession(std::shared_ptr<IdleSessions> shared = nullptr)
      : shared_(std::move(shared)) {}
  ~KeptSession() { close(); }
  KeptSession(KeptSession&& other) noexcept;
  KeptSession& operator=(KeptSession&& other) noexcept;

  /// Wakes the session that was kept and asks what it speaks to. Nothing where there is none, or
  /// where it is of no more use: closed, silent for `limits.connect`, or to a server that has
  /// become another one. Throws only when stopped.
  std::optional<ServerState> resume(const Limits& limits, const std::stop_token& stop);
  /// A new session in place of what was kept. Throws what Session throws.
  Session& connect(const Endpoint& endpoint, const Limits& limits, const std::stop_token& stop);
  /// After resume() gave a state, or connect().
  Session& session() { return *session_; }

  /// The look is over, and the next one comes after about `pause`: keeps the session, or closes it
  /// when it would lie idle for long or is old, or when the server has enough of them: whoever has
  /// kept one goes on to, since one that is taken over by turns would be of use to nobody. An old
  /// session's server process has grown, and the password, the address or the rights that it was
  /// opened with may have changed.
  void rest(std::chrono::milliseconds pause);
  void close();

 private:
  using Clock = std::chrono::steady_clock;

  std::shared_ptr<IdleSessions> shared_;
  bool taken_ = false;  // one of the shared ones
  std::optional<Session> session_;
  Clock::time_point connected_;
  Clock::time_point rested_;
};

}  // namespace driftd

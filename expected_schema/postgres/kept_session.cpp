#include "expected_schema/postgres/kept_session.h"

#include "expected_schema/base/error.h"

namespace driftd {
namespace {

// An idle connection is a slot that nobody else has.
constexpr std::chrono::seconds longest_idle{60};
constexpr std::chrono::minutes longest_kept{10};

}  // namespace

bool IdleSessions::take() {
  if (--left_ >= 0) return true;
  ++left_;
  return false;
}

KeptSession::KeptSession(KeptSession&& other) noexcept
    : shared_(std::move(other.shared_)),
      taken_(std::exchange(other.taken_, false)),
      session_(std::exchange(other.session_, std::nullopt)),
      connected_(other.connected_),
      rested_(other.rested_) {}

KeptSession& KeptSession::operator=(KeptSession&& other) noexcept {
  if (this == &other) return *this;
  close();
  shared_ = std::move(other.shared_);
  taken_ = std::exchange(other.taken_, false);
  session_ = std::exchange(other.session_, std::nullopt);
  connected_ = other.connected_;
  rested_ = other.rested_;
  return *this;
}

void KeptSession::close() {
  session_.reset();
  if (std::exchange(taken_, false)) shared_->give_back();
}

std::optional<ServerState> KeptSession::resume(const Limits& limits, const std::stop_token& stop) {
  if (session_ && Clock::now() - rested_ > longest_idle) close();
  if (!session_) return std::nullopt;
  try {
    session_->wake(limits.connect, stop);
    ServerState state = server_state(*session_);
    // A pooler may have led us to a newer server, a demoted one may have its place elsewhere now.
    if (state.major == session_->server_major() && !state.in_recovery) {
      session_->wake(limits.session, stop);
      return state;
    }
  } catch (const Error&) {
    if (stop.stop_requested()) throw;
  }
  close();
  return std::nullopt;
}

Session& KeptSession::connect(const Endpoint& endpoint, const Limits& limits,
                              const std::stop_token& stop) {
  close();  // one connection, never two
  connected_ = Clock::now();
  return session_.emplace(endpoint, limits, stop);
}

void KeptSession::rest(std::chrono::milliseconds pause) {
  rested_ = Clock::now();
  if (pause > longest_idle || rested_ - connected_ > longest_kept) return close();
  if (shared_ && !taken_ && !(taken_ = shared_->take())) return close();
  session_->rest();
}

}  // namespace driftd

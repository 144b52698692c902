#include "daemon/watch/settled.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

namespace driftd {
namespace {

using std::chrono::steady_clock;

constexpr int oldest_major = 12;
constexpr int newest_major = 18;
constexpr std::chrono::seconds patience{10};

Settled read_once(const Endpoint& endpoint, const Scope& scope, const Limits& limits,
                  const SnapshotLimits& snapshot_limits, const std::stop_token& stop) {
  Session session(endpoint, limits, stop);
  std::optional<Snapshot> snapshot(std::in_place, session, snapshot_limits);
  refuse_unknown_major(session.server_major());
  ServerInfo server = info_of(server_state(*snapshot));
  refuse_during_ddl(*snapshot);
  const std::string before = fingerprint(*snapshot);
  Settled settled{introspect(*snapshot, scope), std::move(server)};
  // Definitions come from the newest catalogue, not from the snapshot: nothing may have moved.
  snapshot.reset();
  snapshot.emplace(session, snapshot_limits);
  if (fingerprint(*snapshot) != before) {
    throw Error(Reason::CatalogueChanged, "the catalogue changed while it was read");
  }
  return settled;
}

void pause(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, std::chrono::milliseconds(500),
                                         [] { return false; });
}

}  // namespace

void refuse_unknown_major(int major) {
  if (major >= oldest_major && major <= newest_major) return;
  throw Error(Reason::ServerVersion,
              fmt::format("the server is PostgreSQL {}, which driftd does not know", major),
              fmt::format("driftd reads PostgreSQL {} to {}.", oldest_major, newest_major));
}

ServerInfo info_of(const ServerState& state) {
  return {state.database, state.system_identifier, state.version, state.in_recovery};
}

Settled read_settled(const Endpoint& endpoint, const Scope& scope, const Limits& limits,
                     const SnapshotLimits& snapshot, const std::stop_token& stop) {
  const auto end = steady_clock::now() + patience;
  while (true) {
    try {
      return read_once(endpoint, scope, limits, snapshot, stop);
    } catch (const Error& error) {
      if (!error.passing() || steady_clock::now() >= end || stop.stop_requested()) throw;
    }
    pause(stop);
  }
}

}  // namespace driftd

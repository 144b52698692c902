#pragma once

#include <optional>
#include <string>

#include "expected_schema/postgres/snapshot.h"

namespace driftd {

/// Which server a session speaks to, and how far it has come.
struct ServerState {
  std::string database;           ///< current_database()
  std::string system_identifier;  ///< of pg_control_system(); the same on a standby
  std::string version;            ///< server_version
  int major = 0;
  bool in_recovery = false;
  /// A value that moves whenever a transaction that wrote anything in the whole cluster has ended:
  /// while it stays, two snapshots of transactions of their own show the same, and a fingerprint
  /// would find nothing. Nothing on a standby, which cannot tell. Costs next to nothing.
  std::optional<std::string> moment;
};

/// One query, which means the same whatever the session's settings are.
ServerState server_state(Session& session);
ServerState server_state(Snapshot& snapshot);

}  // namespace driftd

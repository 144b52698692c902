#pragma once

#include <stop_token>

#include "daemon/judge/report.h"
#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/postgres/server_state.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd {

/// Throws Error{ServerVersion} for a major that driftd does not know.
void refuse_unknown_major(int major);

ServerInfo info_of(const ServerState& state);

/// A catalogue that stood still while it was read.
struct Settled {
  Catalogue catalogue;
  ServerInfo server;
};

/// Reads it as a look does, politely and again where somebody changed it meanwhile, for at most ten
/// seconds. Owners are told by name. Throws Error.
Settled read_settled(const Endpoint& endpoint, const Scope& scope, const Limits& limits,
                     const SnapshotLimits& snapshot, const std::stop_token& stop);

}  // namespace driftd

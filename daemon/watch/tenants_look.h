#pragma once

#include <stop_token>

#include "daemon/watch/scan.h"

namespace driftd {

/// scan() of a database with one schema per tenant: one read for all of them, each compared with
/// what its own revisions make. What cannot be told of a tenant is in the report; Unknown is what
/// cannot be told of any.
Outcome scan_tenants(const DatabaseSettings& settings, ExpectedSchemas& expected_schemas,
                     LookMemory& memory, LookTimes& times, Time now, const std::stop_token& stop);

}  // namespace driftd

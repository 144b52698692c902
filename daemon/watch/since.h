#pragma once

#include <stop_token>

#include "daemon/judge/report.h"
#include "daemon/settings/settings.h"
#include "expected_schema/introspect/object_ids.h"
#include "expected_schema/postgres/kept_session.h"

namespace driftd {

/// Says of findings what has become of their objects since `before` was read. Pure.
void tell_fates(Report& report, const ObjectIds& before, const ObjectIds& now);

/// Asks when the rows behind the findings that this look saw first were committed, where the server
/// tracks it. A courtesy: what cannot be asked is not told. The session rests or is closed, as the
/// settings say.
void tell_commit_times(Report& report, const ObjectIds& ids, const DatabaseSettings& settings,
                       KeptSession& session, const std::stop_token& stop);

}  // namespace driftd

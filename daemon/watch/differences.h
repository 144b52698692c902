#pragma once

#include <vector>

#include "daemon/compare/drift.h"
#include "daemon/compare/run_time.h"
#include "daemon/settings/settings.h"
#include "expected_schema/history/history.h"

namespace driftd {

/// What of a database is not as expected, less what the settings and the tool of the migrations say
/// is none of a comparison's business, and less the DDL log, which is taken out of `actual` before.
/// `spoken`: whose grants tell of which privileges is spoken. `run_time`: gets what was left out as
/// made at run time. `tenant`: the schema, as the server quotes it, where each tenant has one.
std::vector<Drift> differences(const Expected& expected, const Actual& actual,
                               const AppliedHistory& history, const DatabaseSettings& settings,
                               const Expected& spoken, RunTime& run_time,
                               const std::string& tenant = {});
std::vector<Drift> differences(const Expected& expected, const Actual& actual,
                               const AppliedHistory& history, const DatabaseSettings& settings,
                               const Expected& spoken);

}  // namespace driftd

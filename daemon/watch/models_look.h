#pragma once

#include <stop_token>

#include "daemon/judge/report.h"
#include "daemon/settings/settings.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/history/history.h"

namespace driftd {

/// The models, as the settings name them, against all migrations of the history, on a scratch
/// server that is like `target`. What of the models is not understood is in the report. Throws what
/// models_of() and ExpectedSchemas throw.
Report compare_models(const DatabaseSettings& settings, const History& history,
                      const Target& target, ExpectedSchemas& schemas, const std::stop_token& stop);

/// Of what the models depend: their files, the settings' other words, and the migrations' stamp.
/// The comparison comes out the same while this does.
std::string stamp_of_models(const ModelSource& source, const std::string& history_stamp);

}  // namespace driftd

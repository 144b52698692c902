#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <vector>

#include "expected_schema/base/provenance.h"
#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/history/history.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/scratch/database.h"

namespace driftd {

/// Gives a new, empty scratch database to a pass over the history.
using OnScratch = std::function<void(const std::function<void(ScratchDatabase&)>&)>;

/// For each object and each of its properties the last statement of the history after which it
/// looked different from before: the first pass looks after each migration and each drop, the
/// second after each statement of the migrations that were found. Objects that no migration set or
/// dropped are left out.
std::map<ObjectId, Origin> trace(const AppliedHistory& history, const Scope& scope,
                                 const std::vector<ObjectId>& ids, const std::stop_token& stop,
                                 const OnScratch& on_scratch);

}  // namespace driftd

#pragma once

#include <vector>

#include "daemon/judge/report.h"
#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/introspect/introspect.h"

/// What the migrations do not determine, as a reader is told of it.
namespace driftd {

/// What is within the scope, each object once.
std::vector<Unread> undetermined_parts(const Expected& expected, const Scope& scope);

}  // namespace driftd

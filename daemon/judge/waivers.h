#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/judge/report.h"

namespace driftd {

/// Takes the findings that a waiver covers out of `findings` and puts them, with it, into `waived`;
/// notes the waivers that cover nothing and those that have expired. A waiver is exact: one for a
/// property covers no other, and none covers that the object is missing, or that it is too much,
/// unless it says so. A changed object is waived when each of its differing properties is. Pure.
void apply_waivers(Report& report, const std::vector<Waiver>& waivers, Time now);

/// `*` any text, `?` one character, as for the names of schemas.
bool covers(const Waiver& waiver, const ObjectId& object);

}  // namespace driftd

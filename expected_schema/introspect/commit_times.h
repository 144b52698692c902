#pragma once

#include <chrono>
#include <map>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd {

/// When the transactions ended that last wrote the rows behind these objects, where the server
/// still knows it; one that does not track it (ObjectIds::commits_tracked) refuses to be asked.
/// Objects that are not there, and kinds that are more than a row (privileges, comments), are left
/// out. Needs no right.
std::map<ObjectId, std::chrono::system_clock::time_point> commit_times(
    Snapshot& snapshot, const std::vector<ObjectId>& ids);

}  // namespace driftd

#pragma once

#include <map>
#include <string>

#include "daemon/judge/changed_by.h"
#include "daemon/state/database.h"

namespace driftd::state {

/// Who made the findings of one comparison of one database, by their fingerprints.
std::map<std::string, ChangedBy> read_who(Database& file, const std::string& database,
                                          const std::string& comparison);

/// In place of what was noted of that finding before; nothing takes it away.
void write_who(Database& file, const std::string& database, const std::string& comparison,
               const std::string& fingerprint, const std::optional<ChangedBy>& by);

}  // namespace driftd::state

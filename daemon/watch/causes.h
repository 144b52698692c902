#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "daemon/watch/scan.h"

namespace driftd {

/// Of a report and what else its causes depend on: they are the same while it is.
std::string key_of_causes(const Report& report, const std::string& history_key);

/// The report of the newest look with the cause of each finding: the database is compared with what
/// the newest of its revisions leave, statement by statement where one of them may have stopped,
/// and the next pending ones. That takes a replay, once for the same findings; where it fails the
/// report has a note that says why, and it is tried again after ten minutes. After trace(), whose
/// answers are used. Nothing when there is nothing to add.
std::optional<Report> name_causes(const Report& report, const DatabaseSettings& settings,
                                  ExpectedSchemas& expected_schemas, LookMemory& memory, Time now,
                                  const std::stop_token& stop);

}  // namespace driftd

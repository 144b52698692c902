#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ddl_log/read.h"
#include "daemon/judge/report.h"

namespace driftd::ddl_log {

/// Under which names the log may speak of what made a finding: its object's, its new name, and that
/// of what contains it.
std::vector<std::string> names_of(const Finding& finding);

/// The command that made a finding, of entries with the newest first; nothing where none can have.
/// Preferred is a command about the object itself, then one about what contains it that names the
/// object in its text (ALTER TABLE t ADD COLUMN c is about t), then any other about what contains
/// it, which is not certain. Among equals the newest. COMMENT, GRANT and their like speak only of
/// comments and privileges. Pure.
std::optional<ChangedBy> changed_by(const Finding& finding, const std::vector<Entry>& entries);

}  // namespace driftd::ddl_log

#pragma once

#include <optional>
#include <string>

#include "expected_schema/postgres/session.h"

namespace driftd {

/// What the server's statistics count of rows written to the catalogues that fingerprint() reads
/// (PostgreSQL manual, "The Cumulative Statistics System"): moves after every change of them, and
/// costs next to nothing whatever the size of the database. A session reports what it wrote within
/// a second if it goes on working and within ten if it falls idle, so an equal value says that
/// nothing changed *a while ago*. A command of several transactions (CREATE INDEX CONCURRENTLY, a
/// procedure that commits) reports when it ends, and a session without track_counts never.
/// Nothing where that cannot be had: on a standby, where counting is off, and before PostgreSQL 15,
/// whose idle sessions report when they please.
///
/// Outside of a Snapshot, and before the one whose fingerprint it is to stand for.
std::optional<std::string> catalogue_writes(Session& session);

}  // namespace driftd

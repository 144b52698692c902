#pragma once

#include "expected_schema/catalogue/catalogue.h"

namespace driftd::ddl_log {

/// The catalogue without the objects of the DDL log, which are driftd's own and nobody's drift: its
/// schema, its table with its columns and key, its function and its two event triggers, the
/// comments on them and the rights to read them. Exactly these: what else somebody puts into that
/// schema, or adds to that table, stays. The schema goes only where the log is in it.
Catalogue without_own_objects(Catalogue catalogue);

/// Whether there is anything to leave out.
bool has_own_objects(const Catalogue& catalogue);

}  // namespace driftd::ddl_log

#pragma once

#include <map>
#include <memory>
#include <string>

#include "expected_schema/history/history.h"

namespace driftd {

/// The same history, but the SQL of a file stands for what a migration does, by its revision: for
/// one that driftd does not understand. As `alembic upgrade FROM:TO --sql` writes it; what that
/// says of the version table is passed over, since the replay keeps it. Throws Error{Settings}
/// where no migration has such a revision.
std::unique_ptr<History> with_substitutes(std::unique_ptr<History> history,
                                          const std::map<std::string, std::string>& files);

}  // namespace driftd

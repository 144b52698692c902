#pragma once

#include <vector>

#include "daemon/compare/drift.h"

namespace driftd {

/// What extensions made is compared with what the same version makes on the scratch server. Dropped
/// is what that cannot tell apart from the extension's own doing:
/// - members of an extension whose version or schema differs, which is a drift of its own;
/// - a changed function that only the extension's own transactions wrote, on both sides: an update
///   through several versions may leave it so (property `rewritten`, which is never a difference
///   itself);
/// - further members: extensions make some at run time, and leave some behind in updates;
/// - an object that stands alone because it was taken out of its extension, which the missing
///   member says already.
void settle_extension_members(std::vector<Drift>& drifts, const Expected& expected,
                              const Actual& actual);

}  // namespace driftd

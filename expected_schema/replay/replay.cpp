#include "expected_schema/replay/replay.h"

#include <fmt/format.h>

#include "expected_schema/base/error.h"
#include "expected_schema/replay/runner.h"

namespace driftd {

void require_known(const AppliedHistory& history) {
  if (!history.unknown_revisions.empty()) {
    throw Error(Reason::History,
                fmt::format("the database has the revision {}, which no file has",
                            history.unknown_revisions.front()),
                "Give driftd the migrations of the release that is deployed.");
  }
}

std::vector<Undetermined> replay(const AppliedHistory& history, ScratchDatabase& database,
                                 const ReplayOptions& options) {
  require_known(history);
  Runner runner(database, options);
  for (const std::string& sql : history.setup) runner.run_own(sql);
  for (const Migration& migration : history.before) runner.upgrade(migration);
  for (const Migration& migration : history.applied) runner.upgrade(migration);
  runner.finish();
  return runner.undetermined();
}

}  // namespace driftd

#include "expected_schema/replay/survey.h"

#include "expected_schema/replay/runner.h"

namespace driftd {

std::vector<Reading> survey(const AppliedHistory& history, ScratchDatabase& database,
                            const ReplayOptions& options) {
  Runner runner(database, options);
  for (const std::string& sql : history.setup) runner.run_own(sql);
  for (const Migration& migration : history.before) runner.upgrade(migration);
  std::vector<Reading> readings;
  bool gap = false;
  for (const Migration& migration : history.applied) {
    Reading& reading = readings.emplace_back();
    reading.revision = migration.revision;
    reading.after_gap = gap;
    runner.try_upgrade(migration, reading.errors);
    gap = gap || !reading.errors.empty();
  }
  return readings;
}

}  // namespace driftd

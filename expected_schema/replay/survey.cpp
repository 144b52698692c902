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
    const std::size_t known = runner.doubts();
    runner.try_upgrade(migration, reading.errors);
    try {
      reading.undetermined = runner.undetermined(known);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood) throw;
      reading.errors.push_back(error);
    }
    gap = gap || !reading.errors.empty();
  }
  return readings;
}

}  // namespace driftd

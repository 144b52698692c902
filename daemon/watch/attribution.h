#pragma once

#include <map>
#include <stop_token>
#include <string>

#include "daemon/ddl_log/read.h"
#include "daemon/ddl_log/state.h"
#include "daemon/judge/report.h"
#include "daemon/settings/settings.h"
#include "expected_schema/postgres/kept_session.h"

namespace driftd {

/// Who made the findings of one database, from look to look, where it has a DDL log. Asked is once
/// a finding, when it is new, for the commands that were committed between the last look without it
/// and the first with it.
class Attribution {
 public:
  /// In the snapshot in which the catalogue is read. Throws Error{Permission, Settings} where the
  /// log is required and not to be had.
  void see(Snapshot& snapshot, const DatabaseSettings& settings);
  /// The look of that snapshot came to this report. Adds what is wrong with the log to its notes.
  void settle(Report& report);
  /// Asks for the report's findings that are new; on the session of the look, or another one. True
  /// where the report was changed. What fails is a note, and tried again a few times.
  bool ask(Report& report, KeptSession& kept, const DatabaseSettings& settings,
           const std::stop_token& stop);

 private:
  void fill(Report& report, Snapshot& snapshot);

  bool reads_ = false;    ///< who made the findings is asked
  bool listens_ = false;  ///< somebody LISTENs
  ddl_log::State seen_;   ///< of the newest read of the catalogue
  std::string before_;    ///< what the read of the newest report showed; empty: no bound
  std::string system_;    ///< that it was of
  std::map<std::string, ddl_log::Window> owed_;  ///< by fingerprint
  int failures_ = 0;                             ///< in a row
};

}  // namespace driftd

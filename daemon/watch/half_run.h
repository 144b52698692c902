#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/judge/cause.h"
#include "daemon/settings/settings.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/postgres/server_state.h"

namespace driftd {

/// A database of which its tool says that a migration was begun and has not ended.
struct HalfRunDatabase {
  HalfRun history;
  Target target;
  Actual actual;
};

/// What looks at one leave for the next. What it is, is unknown; where it stands may be told.
struct HalfRunMemory {
  std::string key;                                  ///< of what was read; empty: nothing was
  std::optional<std::string> moment;                ///< when it was
  std::shared_ptr<const HalfRunDatabase> database;  ///< null: nothing is known
  std::optional<NamedCause> cause;                  ///< that was told of it

  /// `rows` of the version table, which are no state that a replay could make. Reads the catalogue
  /// where it has moved. What fails is no cause, and tried again at the next look.
  void see(Session& session, std::optional<Snapshot>& snapshot, const History& history,
           const std::vector<std::string>& rows, const ServerState& began,
           const DatabaseSettings& settings);
};

/// How far the migration came: the state on its way that the catalogue is exactly. That takes a
/// replay. Nothing where it is none of them, or where it cannot be told.
std::optional<NamedCause> name_half_run(const HalfRunDatabase& database,
                                        const DatabaseSettings& settings, ExpectedSchemas& schemas,
                                        const std::stop_token& stop);

}  // namespace driftd

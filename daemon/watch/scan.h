#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "daemon/judge/report.h"
#include "daemon/settings/settings.h"
#include "daemon/watch/attribution.h"
#include "daemon/watch/cause_memory.h"
#include "daemon/watch/deployment.h"
#include "daemon/watch/half_run.h"
#include "daemon/watch/history_cache.h"
#include "daemon/watch/quiet.h"
#include "daemon/watch/tenant_memory.h"
#include "daemon/watch/waivers_cache.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/introspect/object_ids.h"
#include "expected_schema/postgres/kept_session.h"

namespace driftd {

/// A look that was put off: nothing is wrong, somebody is at work. Try again soon.
struct Skipped {
  Reason reason = Reason::DdlInProgress;
  std::string message;
  std::optional<Deployment> deployment = {};
  /// A replay has to wait for others: when to ask again at the latest. Nothing is known to be at
  /// work then.
  std::optional<std::chrono::milliseconds> replay_waits = {};
};

using Outcome = std::variant<Report, Unknown, Skipped>;

/// How leave is got to replay, which may take minutes.
struct Leave {
  std::function<bool()> take_long;  ///< false: too many take long already
  const void* who = nullptr;        ///< see ExpectedSchemas::turn_at_once()
  std::function<void()> tell;
};

/// The turn to replay; where others have it, or too many looks take long, the look is put off.
std::variant<Turns::Turn, Skipped> turn_to_replay(const Leave& leave, ExpectedSchemas& schemas,
                                                  const AppliedHistory& history,
                                                  std::chrono::milliseconds interval);

/// What one look at a database leaves for the next. Empty before the first.
struct LookMemory {
  KeptSession session;
  HistoryCache history;
  WaiversCache waivers;
  Attribution changed_by;
  DeploymentWatch deployment;
  std::shared_ptr<const Report> last_good;
  std::shared_ptr<const ExpectedSchema> expected;  ///< of the newest full look
  std::string fingerprint;                         ///< of the catalogue at the last good look
  std::optional<std::string> moment;               ///< when the catalogue last had that fingerprint
  QuietCatalogue quiet;                            ///< since it was computed
  bool told = false;        ///< somebody says that the schema was changed just now
  std::string history_key;  ///< of the files and the version table at the last good look
  std::string files;        ///< of the files alone at the last good look
  Time full_read{};         ///< when the catalogue was last read in full
  ObjectIds ids;            ///< of the objects at that time
  CauseMemory causes;
  HalfRunMemory half_run;
  TenantMemory tenants;  ///< where each tenant has a schema

  std::shared_ptr<const AppliedHistory> applied;  ///< of the newest full look
  /// The digest that the file of each applied revision had when it was first seen applied.
  std::map<std::string, std::string> first_seen_digests;
  Target target;

  /// What trace() found out, nothing included; valid for one expected schema.
  std::map<ObjectId, std::optional<Origin>> origins;
  std::string origins_digest;

  /// An expected schema that cannot be derived costs a replay to find out: the error is kept, and
  /// believed for a minute, while the same history is applied.
  std::optional<Error> refusal;
  std::string refusal_key;
  Time refused{};

  /// Of the look that runs. Null: none is needed, and a look waits for other replays.
  const Leave* leave = nullptr;
};

struct LookTimes {
  std::map<std::string, double> stage_seconds;
  bool fingerprint = false;  ///< the rows of the catalogues were looked at
  bool full_read = false;
};

/// One look at one database, from connecting to the judged report. Throws nothing: what goes wrong
/// is Unknown with its stage; an Error that is passing() is Skipped.
Outcome scan(const DatabaseSettings& settings, ExpectedSchemas& expected_schemas,
             LookMemory& memory, LookTimes& times, Time now, std::stop_token stop);

/// The report of the newest look with the migration that set each drifted object. That takes a
/// replay for objects not asked for before; where it fails the report has a note that says why.
/// Nothing when there is nothing to add.
std::optional<Report> trace(const Report& report, const DatabaseSettings& settings,
                            ExpectedSchemas& expected_schemas, LookMemory& memory,
                            std::stop_token stop);

}  // namespace driftd

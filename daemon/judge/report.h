#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/compare/drift.h"
#include "daemon/compare/run_time.h"
#include "daemon/judge/cause.h"
#include "daemon/judge/changed_by.h"
#include "daemon/judge/impact.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/provenance.h"

namespace driftd {

using Time = std::chrono::system_clock::time_point;

/// What is compared with what.
enum class Comparison {
  Database,  ///< a database with its applied migrations
  Models,    ///< all migrations with the models
};

/// `database`, `models`: API and metrics.
std::string_view name_of(Comparison comparison);

enum class FindingState {
  Seen,       ///< by too few looks in a row to count
  Confirmed,  ///< counts: metrics, alerts, exit code
};

std::string_view name_of(FindingState state);

/// When a difference came, beside `first_seen` of its finding.
struct Since {
  Time agreed{};     ///< the last look that did not see it; zero: no look before is known
  Time committed{};  ///< when the row of the catalogue that differs was written last; zero: the
                     ///< server does not track it, or nothing is there
  // What that last look and the first one that saw it have in common; all false where it is not
  // known.
  bool same_revisions = false;  ///< the version table
  bool same_catalogue = false;  ///< the whole catalogue of the database
  bool same_expected = false;   ///< what the migrations make

  friend bool operator==(const Since&, const Since&) = default;
};

/// What has become of an object, told by the server's own numbers for it, which two looks compared.
struct Fate {
  enum class Kind {
    Renamed,       ///< the object is still there, and called `object` now
    WasCalled,     ///< the object was there, and called `object`
    CreatedAgain,  ///< `object` was dropped, and another one made under its name
    NotTheSame,    ///< `object` was dropped, and what looks like it under another name is new
  };
  Kind kind = Kind::CreatedAgain;
  ObjectId object;

  friend bool operator==(const Fate&, const Fate&) = default;
};

/// `renamed`, `was_called`, `created_again`, `not_the_same`: API.
std::string_view name_of(Fate::Kind kind);

/// That a tenant has a finding.
struct Sighting {
  std::string tenant;  ///< its schema
  FindingState state = FindingState::Seen;
  Time first_seen{};
  int looks = 1;  ///< that agreed, in a row
};

/// A drift, judged.
struct Finding {
  Comparison comparison = Comparison::Database;
  std::string fingerprint;  ///< 16 hex digits over database, object, drift kind and properties;
                            ///< the same over releases, restarts and values; where each tenant
                            ///< has a schema, over values too
  Drift drift;
  Impact impact = Impact::Breaking;
  std::string consequence;
  FindingState state = FindingState::Seen;
  Time first_seen{};
  Since since;
  std::optional<Fate> fate;
  std::optional<Cause> cause;  ///< nothing: not told, or not yet
  int looks = 1;               ///< that agreed, in a row
  /// Of the difference, where there is one; of a missing object, what set it; of an unexpected
  /// one, what dropped it.
  std::optional<Provenance> provenance;
  /// Of the differing properties, by property.
  std::map<std::string, Provenance, std::less<>> set_by;
  /// Where the models declare the object, or what contains it; the revision is the model's name.
  std::optional<Provenance> declared;
  /// Where the database has a DDL log that says so.
  std::optional<ChangedBy> changed_by;
  /// Where each tenant has a schema, those that have it, by name; the drift is told as of a schema
  /// called `driftd_tenant`, and counts once one of them is confirmed.
  std::vector<Sighting> tenants;
};

/// A finding that a person has said yes to, for a time.
struct Waiver {
  std::string kind;    ///< of the object
  std::string object;  ///< a glob over identities
  DriftKind drift = DriftKind::Changed;
  std::vector<std::string> properties;  ///< of Changed: those that may differ; "*" is any
  Comparison comparison = Comparison::Database;
  std::string reason;
  std::string by;
  std::string last_day;  ///< as written
  Time until{};          ///< the first moment at which it covers nothing any more
  Place place;
};

/// A finding that a waiver covers: shown, and no drift.
struct Waived {
  Finding finding;
  Waiver waiver;
};

/// A part of what is expected that is not known: what touches it is not compared.
struct Unread {
  std::string model;  ///< may be empty
  std::string table;  ///< that it is about; empty: not known
  std::string message;
  std::string hint;
  Place place;
  std::string object = {};  ///< that the migrations leave open; empty: it is of the models
};

/// How the migrations on disk and in the database stand to each other.
struct HistoryStatus {
  std::string tool;
  std::vector<std::string> database_revisions;
  std::vector<std::string> heads;
  std::vector<std::string> pending;  ///< on disk, not applied: no drift
  std::vector<std::string> unknown;  ///< applied, not on disk: the image is older than the database
  std::vector<std::string> edited;   ///< applied, and their files have changed since
  std::size_t applied = 0;
};

/// What is known of the server that was looked at.
struct ServerInfo {
  std::string database;           ///< current_database()
  std::string system_identifier;  ///< of pg_control_system(); the same on a standby
  std::string version;            ///< server_version
  bool in_recovery = false;
};

/// Somebody seems to change the schema on purpose, step by step.
struct Deployment {
  Time since{};                    ///< of the first look in a row that had a sign of it
  std::vector<std::string> signs;  ///< what tells so, in words; never empty
  /// It has been going on for so long that to be unable to tell is news again. A finding still
  /// waits for it as long as it may.
  bool lasting = false;
};

/// A look that could not tell.
struct Unknown {
  std::string stage;  ///< connect, history, read, replay, compare, ...
  Reason reason = Reason::Internal;
  std::string message;
  std::string hint;
  Place place;
  std::optional<HistoryStatus> history;  ///< where it was read before the failure
  Time since{};                          ///< first of the looks in a row that could not tell
  Time looked{};
  std::optional<Deployment> deployment = {};  ///< where the look came so far
  std::optional<NamedCause> cause = {};       ///< where it is known what happened
};

/// One of many schemas of a database that should all be alike.
struct Tenant {
  std::string schema;
  std::vector<std::string> revisions;  ///< that it says it has
  std::optional<Unknown> unknown;      ///< why nothing can be told of it
  /// It came while driftd was looking, and may not be made to its end before that moment.
  Time new_until{};
};

/// A look that succeeded. Immutable once made.
struct Report {
  Comparison comparison = Comparison::Database;
  std::string name;  ///< of the database, in settings
  ServerInfo server;
  std::optional<HistoryStatus> history;  ///< nothing where two databases are compared
  std::vector<Finding> findings;         ///< worst first, then by object
  std::vector<Finding> resolved;         ///< confirmed in the report before, gone in this one
  std::vector<Waived> waived;            ///< no part of `findings`
  std::vector<Waiver> unused_waivers;
  std::vector<Waiver> expired_waivers;
  RunTime run_time;                ///< what is made at run time, and no drift
  std::vector<NamedCause> causes;  ///< of the findings, each cause once
  std::vector<Unread> unread;
  std::vector<Tenant> tenants;  ///< where each has a schema; by name
  std::vector<std::string> notes;
  std::string expected_digest;
  std::string fingerprint;  ///< of the database's catalogue; empty: none was taken
  std::size_t objects = 0;  ///< compared
  std::optional<Deployment> deployment;
  Time looked{};

  std::size_t confirmed() const;
  bool in_sync() const;
};

/// What the two looks have in common, of a finding that only the later one has.
Since since_of(const Report& before, const Report& report);

enum class Status { InSync, Drift, Unknown };
std::string_view name_of(Status status);

}  // namespace driftd

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/compare/run_time.h"
#include "daemon/compare/unmodelled.h"
#include "daemon/judge/judge.h"
#include "expected_schema/history/history.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/models/models.h"
#include "expected_schema/postgres/snapshot.h"
#include "expected_schema/scratch/server.h"

namespace driftd {

/// One database that is watched. Each default has its reason in config/driftd.yaml.
struct DatabaseSettings {
  std::string name;  ///< the `datname` label; empty: the database's own name
  Endpoint endpoint;
  HistorySource history;
  ModelSource models;
  ModelRules model_rules;
  Scope scope;
  std::vector<std::string> made_at_run_time;  ///< see run_time_pattern()
  std::vector<std::string> tenants;   ///< globs of schemas that are all alike; empty: none are
  std::string state;                  ///< a file of SQLite, see state::Memory; empty: none
  std::string waivers;                ///< a file, see read_waivers(); empty: none
  std::string privileges = "spoken";  ///< spoken, all, none
  bool listen_to_ddl_log = false;     ///< on a connection of its own
  std::string ddl_log_database;       ///< that one, a conninfo; empty: the database's
  std::string read_ddl_log = "auto";  ///< auto, off, required; see ddl_log/sql.h
  std::chrono::milliseconds interval{3000};
  double jitter = 0.1;                            ///< share of the interval, both ways
  std::chrono::milliseconds confirm_after{1000};  ///< the next look after one with a new finding
  std::chrono::milliseconds self_test{3600000};   ///< between two self-tests; zero: none
  std::chrono::milliseconds full_read{3600000};   ///< a full read at least so often
  bool keep_connection = true;                    ///< from one look to the next
  Policy policy{.grace = std::chrono::minutes(5)};
  std::vector<std::string> migration_locks;  ///< see parse_migration_lock()
  Limits limits;
  SnapshotLimits snapshot;
  ScratchSettings scratch;
};

/// The schemas of the tenants.
Scope tenants_of(const DatabaseSettings& settings);
/// What is looked at of an expected schema: where there are tenants, what any of them should be.
Scope expected_scope(const DatabaseSettings& settings);

/// `public.events_p*` (tables), `view public.report_*`: an optional kind of object, and a glob.
/// Throws Error{Settings}.
RunTimePattern run_time_pattern(const std::string& written);
RunTimeRules run_time_rules(const DatabaseSettings& settings);

struct WebSettings {
  std::vector<std::string> listen{"127.0.0.1:10432"};  ///< `:PORT` is every interface
  bool enable_lifecycle = false;
  std::string external_url;
};

struct LogSettings {
  std::string level = "info";     ///< debug, info, warn, error
  std::string format = "logfmt";  ///< logfmt, json
};

struct Settings {
  DatabaseSettings defaults;  ///< what each database begins with, `defaults:` in the file
  std::vector<DatabaseSettings> databases;
  int workers = 4;            ///< threads that look
  int kept_connections = 20;  ///< idle from look to look, on one server
  WebSettings web;
  LogSettings log;
};

/// Reads a YAML file. Every mistake (unknown key with a "did you mean", duplicate key, wrong unit,
/// missing file) is collected; throws Error{Settings} with all of them, each on its own line as
/// `file:line:column: message`. `${VAR}` and `${VAR:-default}` are expanded in strings.
Settings load_settings(const std::string& path);

/// The same for text, with `name` in the messages; relative paths are taken from `directory`.
Settings parse_settings(const std::string& text, const std::string& name,
                        const std::string& directory);

/// The settings as YAML, defaults filled in, secrets as `<secret>`.
std::string print_settings(const Settings& settings);

/// The JSON schema (draft-07) of the settings file, from the same table as the parser.
std::string settings_schema();

/// The connection that the environment names for a database without one: DRIFTD_DATABASE, else
/// DATABASE_URL, as a conninfo; empty where neither is set. Throws Error{Settings}.
std::string database_from_environment();

/// `1h30m`, `500ms`, as Prometheus writes durations; throws Error{Settings}.
std::chrono::milliseconds parse_duration(const std::string& text);
std::string print_duration(std::chrono::milliseconds duration);

}  // namespace driftd

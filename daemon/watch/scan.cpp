#include "daemon/watch/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/ddl_log/own_objects.h"
#include "daemon/judge/causes.h"
#include "daemon/watch/differences.h"
#include "daemon/watch/look_parts.h"
#include "daemon/watch/settled.h"
#include "daemon/watch/since.h"
#include "daemon/watch/tenants_look.h"
#include "daemon/watch/undetermined.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"
#include "expected_schema/postgres/catalogue_writes.h"

namespace driftd {
namespace {

constexpr std::chrono::seconds refusal_lasts{60};

std::vector<std::string> read_revisions(Snapshot& snapshot, const History& history,
                                        const std::string& database) {
  const VersionTable& table = history.version_table();
  std::optional<std::vector<std::string>> revisions = read_version_table(snapshot, table);
  if (!revisions) {
    throw Error(Reason::History,
                fmt::format("database {} has no table {}{}{}", database, table.schema,
                            table.schema.empty() ? "" : ".", table.name),
                "Check that this is the right database and that its migrations have run once; "
                "set version_table when the history keeps its revisions elsewhere.");
  }
  std::ranges::sort(*revisions);
  return *std::move(revisions);
}

void refuse_unknown_revisions(const AppliedHistory& applied, const std::string& migrations) {
  if (applied.unknown_revisions.empty()) return;
  throw Error(Reason::History,
              fmt::format("the database says that revision {} is applied, and no file in {} is it",
                          join(applied.unknown_revisions, ", "), migrations),
              "An older release is looking at a newer database, or a revision file was deleted: "
              "give driftd the migrations of the release that migrated this database.");
}

/// Before the catalogue is read: an expected schema that could not be derived a moment ago from
/// the same history cannot be derived now.
void refuse_again(LookMemory& memory, const std::string& history_key, Time now) {
  if (!memory.refusal) return;
  if (memory.refusal_key == history_key && recent(memory.refused, now, refusal_lasts)) {
    throw Error(*memory.refusal);
  }
  memory.refusal.reset();
}

std::shared_ptr<const ExpectedSchema> derive(const DatabaseSettings& settings,
                                             ExpectedSchemas& expected_schemas,
                                             const AppliedHistory& applied, LookMemory& memory,
                                             const std::string& history_key, Time now,
                                             const std::stop_token& stop) {
  try {
    return expected_schemas.of(applied, memory.target, settings.scope, stop);
  } catch (const Error& error) {
    if (!stop.stop_requested()) {
      memory.refusal = error;
      memory.refusal_key = history_key;
      memory.refused = now;
    }
    throw;
  }
}

bool has_schema(const Catalogue& catalogue, const std::string& name) {
  return catalogue.find("schema", name) != nullptr ||
         catalogue.find("schema", quote_identifier(name)) != nullptr;
}

/// A misspelt schema would be watched by nobody, and look in sync for ever.
void refuse_empty_scope(const Scope& scope, const Catalogue& expected, const Catalogue& actual) {
  const auto any = [](const Catalogue& c) {
    return std::ranges::any_of(c.objects(), [](const Object& o) { return o.kind == "schema"; });
  };
  for (const std::string& name : scope.schemas) {
    if (name.find_first_of("*?") != std::string::npos) continue;
    if (has_schema(expected, name) || has_schema(actual, name)) continue;
    throw Error(Reason::Settings,
                fmt::format("no schema {} is in the database or its migrations", name),
                "Check schemas and exclude_schemas in the settings.");
  }
  if (!any(expected) && !any(actual)) {
    throw Error(Reason::Settings, "the settings leave no schema to look at",
                "Check schemas and exclude_schemas in the settings.");
  }
}

}  // namespace

std::variant<Turns::Turn, Skipped> turn_to_replay(const Leave& leave, ExpectedSchemas& schemas,
                                                  const AppliedHistory& history,
                                                  std::chrono::milliseconds interval) {
  Skipped skipped;
  skipped.replay_waits = interval;
  if (!leave.take_long()) return skipped;
  if (auto turn = schemas.turn_at_once(history, leave.who, leave.tell)) return *std::move(turn);
  skipped.replay_waits = replay_waits_at_most;
  return skipped;
}

Outcome scan(const DatabaseSettings& settings, ExpectedSchemas& expected_schemas,
             LookMemory& memory, LookTimes& times, Time now, std::stop_token stop) {
  if (!settings.tenants.empty()) {
    return scan_tenants(settings, expected_schemas, memory, times, now, stop);
  }
  Stage stage(times.stage_seconds);
  std::optional<HistoryStatus> history_status;
  std::vector<std::string> signs;      // of a deployment
  std::optional<NamedCause> half_run;  // of a migration that has not ended
  const auto deployment = [&]() -> std::optional<Deployment> {
    if (!history_status) return std::nullopt;
    return memory.deployment.at(signs, settings.policy.grace, now);
  };
  const auto rest = [&] {
    if (!settings.keep_connection) return memory.session.close();
    memory.session.rest(settings.interval);
  };
  try {
    stage = "files";
    const std::shared_ptr<const History> history = memory.history.at(settings.history);

    stage = "connect";
    const std::optional<ServerState> state = memory.session.resume(settings.limits, stop);
    const bool due = !recent(memory.full_read, now, settings.full_read);
    if (state && memory.last_good && !due && memory.files == memory.history.stamp() &&
        state->moment && state->moment == memory.moment) {
      if (may_wait(*memory.last_good)) {
        Snapshot snapshot(memory.session.session(), settings.snapshot);
        signs = signs_of_work(snapshot, settings);
      }
      rest();  // nobody wrote anything at all
      return still_good(memory, *state, settings.policy, std::move(signs), now);
    }
    Session& session = state ? memory.session.session()
                             : memory.session.connect(settings.endpoint, settings.limits, stop);

    // History and catalogue come from one snapshot: a migration that lands between is no drift.
    stage = "history";
    refuse_unknown_major(session.server_major());
    const std::optional<std::string> writes = catalogue_writes(session);
    std::optional<Snapshot> snapshot(std::in_place, session, settings.snapshot);
    const ServerState began = server_state(*snapshot);
    const std::vector<std::string> revisions = read_revisions(*snapshot, *history, began.database);
    const std::string history_key =
        Digest().add(memory.history.stamp()).add(join(revisions, "\n")).hex();
    std::shared_ptr<const AppliedHistory> applied;
    try {
      applied = memory.history.applied(revisions);
    } catch (const Error&) {
      memory.half_run.see(session, snapshot, *history, revisions, began, settings);
      half_run = memory.half_run.cause;
      throw;
    }
    memory.half_run = {};
    history_status = status_of(*applied, memory);
    memory.deployment.revisions(revisions, now);
    if (!applied->unknown_revisions.empty()) {
      signs.push_back(fmt::format("the database has {}, which no file here is",
                                  join(applied->unknown_revisions, ", ")));
    }
    refuse_unknown_revisions(*applied, settings.history.snapshot.empty()
                                           ? settings.history.path
                                           : settings.history.snapshot);

    stage = "fingerprint";
    const bool same_history = memory.last_good && !due && history_key == memory.history_key &&
                              began.system_identifier == memory.last_good->server.system_identifier;
    const bool unmoved = began.moment && began.moment == memory.moment;
    const bool quiet = memory.quiet.still(writes, now) && same_history && !memory.told;
    times.fingerprint = !unmoved && !quiet;
    const std::string before = times.fingerprint ? fingerprint(*snapshot) : memory.fingerprint;
    if (same_history && before == memory.fingerprint) {
      if (times.fingerprint) {
        memory.quiet.looked(writes, now);
        memory.moment = began.moment;
      }
      if (may_wait(*memory.last_good)) {
        signs = signs_of_work(*snapshot, settings);
      }
      snapshot.reset();
      rest();
      return still_good(memory, began, settings.policy, std::move(signs), now);
    }

    stage = "replay";
    refuse_again(memory, history_key, now);

    stage = "read";
    signs = signs_of_work(*snapshot, settings);
    refuse_during_ddl(*snapshot);
    const std::string owner = owner_of_version_table(*snapshot, history->version_table());
    Target target = read_target(*snapshot, owner);
    // Before the catalogue is read: it would be read for nothing.
    std::optional<std::variant<Turns::Turn, Skipped>> turn;
    if (memory.leave && !expected_schemas.has(*applied, target, settings.scope)) {
      turn.emplace(turn_to_replay(*memory.leave, expected_schemas, *applied, settings.interval));
      if (auto* skipped = std::get_if<Skipped>(&*turn)) {
        snapshot.reset();
        rest();
        return std::move(*skipped);
      }
    }
    times.full_read = true;
    Actual actual{ddl_log::without_own_objects(introspect(*snapshot, settings.scope, owner))};
    memory.changed_by.see(*snapshot, settings);
    memory.target = std::move(target);
    snapshot->end();

    // Definitions come from the newest catalogue, not from the snapshot: nothing may have moved.
    stage = "verify";
    snapshot.reset();
    snapshot.emplace(session, settings.snapshot);
    const bool stood_still = began.moment && server_state(*snapshot).moment == began.moment;
    if (!stood_still && fingerprint(*snapshot) != before) {
      throw Error(Reason::CatalogueChanged, "the catalogue changed while it was read");
    }
    ObjectIds ids = read_object_ids(*snapshot, began.system_identifier);
    snapshot.reset();  // production waits for nobody's replay
    rest();

    stage = "replay";
    const std::shared_ptr<const ExpectedSchema> expected =
        derive(settings, expected_schemas, *applied, memory, history_key, now, stop);
    turn.reset();

    stage = "compare";
    refuse_empty_scope(settings.scope, expected->expected.catalogue, actual.catalogue);
    Report report;
    report.name = settings.name.empty() ? began.database : settings.name;
    report.server = info_of(began);
    report.history = *history_status;
    report.notes = expected->notes;
    report.expected_digest = expected->digest;
    report.fingerprint = before;
    report.objects = expected->expected.catalogue.objects().size();
    report.unread = undetermined_parts(expected->expected, settings.scope);
    report.deployment = deployment();
    report.looked = now;
    std::vector<Drift> drifts = differences(expected->expected, actual, *applied, settings,
                                            expected->expected, report.run_time);
    judge(report, std::move(drifts), settings.policy, memory.last_good.get(), now);
    tell_fates(report, memory.ids, ids);
    tell_commit_times(report, ids, settings, memory.session, stop);

    memory.changed_by.settle(report);
    memory.ids = std::move(ids);
    memory.causes.found(report, std::move(actual));
    memory.last_good = std::make_shared<const Report>(report);
    memory.applied = std::move(applied);
    memory.expected = expected;
    memory.fingerprint = before;
    memory.moment = began.moment;
    memory.quiet.looked(writes, now);
    memory.history_key = history_key;
    memory.files = memory.history.stamp();
    memory.full_read = now;
    return report;
  } catch (const Error& error) {
    memory.session.close();
    if (error.passing()) {
      if (error.reason() == Reason::DdlInProgress) signs.emplace_back(error.what());
      return Skipped{error.reason(), error.what(), deployment()};
    }
    Unknown unknown = unknown_of(stage.name(), error, now);
    unknown.history = history_status;
    unknown.deployment = deployment();
    unknown.cause = half_run;
    if (history_status && !history_status->unknown.empty()) {
      unknown.cause = rolled_back(*history_status);
    }
    return unknown;
  } catch (const std::exception& error) {
    memory.session.close();
    Unknown unknown = unknown_of(stage.name(), internal_error(error), now);
    unknown.history = history_status;
    unknown.deployment = deployment();
    return unknown;
  }
}

std::optional<Report> trace(const Report& report, const DatabaseSettings& settings,
                            ExpectedSchemas& expected_schemas, LookMemory& memory,
                            std::stop_token stop) {
  if (!memory.applied) return std::nullopt;
  const Scope scope = expected_scope(settings);
  if (memory.origins_digest != report.expected_digest) {
    memory.origins.clear();
    memory.origins_digest = report.expected_digest;
  }
  std::vector<ObjectId> wanted;
  bool lacking = false;
  for (const Finding& finding : report.findings) {
    if (finding.provenance) continue;
    const auto known = memory.origins.find(finding.drift.object);
    if (known == memory.origins.end()) wanted.push_back(finding.drift.object);
    lacking |= known == memory.origins.end() || known->second.has_value();
  }
  if (!lacking) return std::nullopt;
  std::optional<std::variant<Turns::Turn, Skipped>> turn;
  if (memory.leave &&
      !expected_schemas.has_origins(*memory.applied, memory.target, scope, wanted)) {
    turn.emplace(
        turn_to_replay(*memory.leave, expected_schemas, *memory.applied, settings.interval));
    if (std::holds_alternative<Skipped>(*turn)) return std::nullopt;  // the next look asks again
  }

  Report traced = report;
  if (!wanted.empty()) {
    std::map<ObjectId, Origin> found;
    try {
      found =
          expected_schemas.origins(*memory.applied, memory.target, scope, wanted, std::move(stop));
    } catch (const std::exception& error) {
      traced.notes.push_back(
          fmt::format("which migration set the objects could not be told: {}", error.what()));
    }
    for (const ObjectId& id : wanted) {
      const auto at = found.find(id);
      memory.origins[id] = at == found.end() ? std::nullopt : std::optional(at->second);
    }
  }
  std::map<ObjectId, Origin> known;
  for (const auto& [id, origin] : memory.origins) {
    if (origin) known.emplace(id, *origin);
  }
  attach_provenance(traced, known);
  return traced;
}

}  // namespace driftd

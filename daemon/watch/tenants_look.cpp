#include "daemon/watch/tenants_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/compare/tenants.h"
#include "daemon/judge/tenants.h"
#include "daemon/watch/differences.h"
#include "daemon/watch/look_parts.h"
#include "daemon/watch/settled.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/undetermined.h"
#include "expected_schema/history/tenants.h"
#include "expected_schema/postgres/catalogue_writes.h"

namespace driftd {
namespace {

/// What could not be derived is tried again so soon.
constexpr std::chrono::seconds try_again{60};

/// The tenants that are at the same revisions.
struct Group {
  std::shared_ptr<const AppliedHistory> history;
  std::vector<const TenantVersion*> tenants;
  std::shared_ptr<const ExpectedSchema> expected;  ///< null: it could not be derived
};

using Unknowns = std::map<std::string, Unknown>;  // by schema

void refuse_no_tenant(const std::vector<TenantVersion>& versions, const Scope& which) {
  if (versions.empty()) {
    throw Error(Reason::Settings,
                fmt::format("no schema is called {}", join(which.schemas, " or ")),
                "Check tenants.schemas and exclude_schemas in the settings.");
  }
  for (const std::string& name : which.schemas) {
    if (name.find_first_of("*?") != std::string::npos) continue;
    if (std::ranges::find(versions, name, &TenantVersion::schema) != versions.end()) continue;
    throw Error(Reason::Settings, fmt::format("there is no schema {}", name),
                "tenants.schemas names it by its whole name. Take it out there where the tenant is "
                "no more.");
  }
}

/// What the version tables say. Another text: something of a tenant must be told anew.
std::string key_of(const std::string& files, const std::vector<TenantVersion>& versions) {
  Digest digest;
  digest.add(files);
  for (const TenantVersion& one : versions) {
    digest.add(one.schema).add(one.owner).add(join(one.revisions, "\n"));
    digest.add(one.problem ? one.problem->message() : "");
  }
  return digest.hex();
}

/// How the migrations stand over all tenants.
HistoryStatus status_of(const std::vector<Group>& groups, LookMemory& memory) {
  AppliedHistory all;
  std::set<std::string> revisions;
  std::set<std::string> unknown;
  std::set<std::string> pending;
  std::set<std::string> edited;
  std::map<std::string, const Migration*> applied;
  for (const Group& group : groups) {
    const AppliedHistory& one = *group.history;
    all.tool = one.tool;
    all.heads = one.heads;
    revisions.insert(one.database_revisions.begin(), one.database_revisions.end());
    unknown.insert(one.unknown_revisions.begin(), one.unknown_revisions.end());
    edited.insert(one.edited.begin(), one.edited.end());
    if (one.unknown_revisions.empty()) pending.insert(one.pending.begin(), one.pending.end());
    for (const Migration& migration : one.applied) applied.emplace(migration.revision, &migration);
  }
  all.database_revisions.assign(revisions.begin(), revisions.end());
  all.pending.assign(pending.begin(), pending.end());
  all.edited.assign(edited.begin(), edited.end());
  for (const auto& [revision, migration] : applied) all.applied.push_back(*migration);
  // What cannot be told of some tenants keeps what was first seen of their revisions.
  HistoryStatus status = driftd::status_of(all, memory, false);
  status.unknown.assign(unknown.begin(), unknown.end());
  return status;
}

Error older_than(const AppliedHistory& history) {
  return {Reason::History,
          fmt::format("it says that revision {} is applied, and no file here is it",
                      join(history.unknown_revisions, ", ")),
          "An older release is looking at a newer tenant, or a revision file was deleted: give "
          "driftd the migrations of the release that migrated it."};
}

/// One catalogue for all tenants with one owner: whose an object is, is told where it is somebody
/// else.
class ActualTenants {
 public:
  struct Read {
    Catalogue catalogue;
    std::set<std::string, std::less<>> owned;  ///< schemas whose owner was the main one
  };

  ActualTenants(Snapshot& snapshot, const Scope& scope,
                const std::vector<TenantVersion>& versions) {
    std::map<std::string, std::vector<const TenantVersion*>> by_owner;
    for (const TenantVersion& one : versions) {
      if (!one.problem) by_owner[one.owner].push_back(&one);
    }
    for (const auto& [owner, tenants] : by_owner) {
      Scope theirs = scope;
      std::set<std::string, std::less<>> owned;
      if (by_owner.size() > 1) theirs.schemas.clear();
      for (const TenantVersion* one : tenants) {
        owned.insert(one->schema);
        if (by_owner.size() > 1) theirs.schemas.push_back(one->schema);
      }
      reads_.push_back(
          std::make_unique<Read>(Read{introspect(snapshot, theirs, owner), std::move(owned)}));
    }
    for (const auto& read : reads_) parts_.emplace_back(read->catalogue);
  }

  Actual of(const TenantVersion& tenant) const {
    for (std::size_t i = 0; i < reads_.size(); ++i) {
      if (!reads_[i]->owned.contains(tenant.schema)) continue;
      return Actual{with_name(parts_[i].in(tenant.identity), reads_[i]->catalogue.server_major(),
                              tenant_schema, tenant_schema)};
    }
    throw Error(Reason::Internal, "tenant " + tenant.schema + " was not read");
  }

 private:
  std::vector<std::unique_ptr<Read>> reads_;
  std::vector<BySchema> parts_;
};

/// Whom most tenants belong to.
std::string main_owner(const std::vector<TenantVersion>& versions) {
  std::map<std::string, std::size_t> counts;
  for (const TenantVersion& one : versions) {
    if (!one.problem) ++counts[one.owner];
  }
  if (counts.empty()) return {};
  return std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; })->first;
}

/// Drifts that are the same in several tenants, once.
class Collected {
 public:
  void add(const Drift& drift, const TenantVersion& tenant) {
    Drift said = spoken_of(drift, tenant.identity, tenant_schema);
    const auto [at, fresh] = known_.emplace(key_of(said), drifts_.size());
    if (fresh) drifts_.push_back({std::move(said), {}});
    std::vector<std::string>& tenants = drifts_[at->second].tenants;
    if (tenants.empty() || tenants.back() != tenant.schema) tenants.push_back(tenant.schema);
  }
  std::vector<TenantDrift> take() && {
    for (TenantDrift& one : drifts_) std::ranges::sort(one.tenants);
    return std::move(drifts_);
  }

 private:
  static std::string key_of(const Drift& drift) {
    Digest digest;
    digest.add(drift.object.kind).add(drift.object.identity).add(name_of(drift.kind));
    digest.add(std::to_string(drift.folded));
    for (const auto* list : {&drift.differences, &drift.properties}) {
      digest.add(std::to_string(list->size()));
      for (const Difference& one : *list) {
        digest.add(one.property);
        for (const auto& value : {one.expected, one.actual}) digest.add(value ? "=" + *value : "");
      }
    }
    return digest.hex();
  }

  std::vector<TenantDrift> drifts_;
  std::map<std::string, std::size_t> known_;
};

/// One look, from connecting to the judged report.
class TenantsLook {
 public:
  TenantsLook(const DatabaseSettings& settings, ExpectedSchemas& schemas, LookMemory& memory,
              LookTimes& times, Time now, const std::stop_token& stop)
      : settings_(settings),
        schemas_(schemas),
        memory_(memory),
        times_(times),
        now_(now),
        stop_(stop),
        stage_(times.stage_seconds) {}

  Outcome run() {
    try {
      return look();
    } catch (const Error& error) {
      memory_.session.close();
      if (error.passing()) {
        if (error.reason() == Reason::DdlInProgress) signs_.emplace_back(error.what());
        return Skipped{error.reason(), error.what(), deployment()};
      }
      return unknown(error);
    } catch (const std::exception& error) {
      memory_.session.close();
      return unknown(internal_error(error));
    }
  }

 private:
  Outcome look();
  void read_versions(Snapshot& snapshot, const History& history);
  void add_signs_of_tenants(const std::vector<std::string>& unknown);
  std::optional<Skipped> take_turn();
  void derive();
  std::vector<TenantDrift> compare(const ActualTenants& actual);
  Report judged(const ServerState& began, std::vector<TenantDrift> drifts);

  void rest() {
    if (!settings_.keep_connection) return memory_.session.close();
    memory_.session.rest(settings_.interval);
  }
  std::optional<Deployment> deployment() {
    if (!history_status_) return std::nullopt;
    return memory_.deployment.at(signs_, settings_.policy.grace, now_);
  }
  Unknown unknown(const Error& error) {
    Unknown unknown = unknown_of(stage_.name(), error, now_);
    unknown.history = history_status_;
    unknown.deployment = deployment();
    return unknown;
  }
  void set_unknown(const TenantVersion& tenant, const std::string& stage, const Error& error) {
    unknowns_.emplace(tenant.schema, unknown_of(stage, error, now_));
  }

  const DatabaseSettings& settings_;
  ExpectedSchemas& schemas_;
  LookMemory& memory_;
  LookTimes& times_;
  const Time now_;
  const std::stop_token stop_;
  Stage stage_;

  std::optional<HistoryStatus> history_status_;
  std::vector<std::string> signs_;  // of a deployment
  std::vector<TenantVersion> versions_;
  std::vector<Group> groups_;
  Unknowns unknowns_;
  RunTime run_time_;                                        // of all tenants
  std::optional<std::variant<Turns::Turn, Skipped>> turn_;  // to replay
};

void TenantsLook::read_versions(Snapshot& snapshot, const History& history) {
  const Scope which = tenants_of(settings_);
  versions_ = read_tenants(snapshot, which, history.version_table());
  refuse_no_tenant(versions_, which);
  const auto extensions = read_extension_schemas(snapshot);
  std::map<std::vector<std::string>, std::size_t> known;
  for (const TenantVersion& tenant : versions_) {
    if (tenant.problem) {
      set_unknown(tenant, "history", *tenant.problem);
      continue;
    }
    const auto [at, fresh] = known.emplace(tenant.revisions, groups_.size());
    if (fresh) {
      try {
        groups_.push_back(
            {memory_.tenants.history(memory_.history.applied(tenant.revisions), extensions),
             {},
             {}});
      } catch (const Error& error) {
        known.erase(at);
        set_unknown(tenant, "history", error);
        continue;
      }
    }
    Group& group = groups_[at->second];
    if (group.history->unknown_revisions.empty()) {
      group.tenants.push_back(&tenant);
    } else {
      set_unknown(tenant, "history", older_than(*group.history));
    }
  }
  history_status_ = status_of(groups_, memory_);
  std::erase_if(groups_, [](const Group& group) { return group.tenants.empty(); });
  // What most tenants are is what is told of an object that several groups have.
  std::ranges::stable_sort(groups_, std::greater{},
                           [](const Group& group) { return group.tenants.size(); });

  memory_.tenants.see(versions_, now_);
  add_signs_of_tenants(history_status_->unknown);
}

/// That a rollout goes on, by the tenants' version tables; `unknown`: revisions without a file.
void TenantsLook::add_signs_of_tenants(const std::vector<std::string>& unknown) {
  if (const std::size_t migrated = memory_.tenants.migrated(now_); migrated > 0) {
    signs_.push_back(fmt::format("{} tenants were migrated within the last minute", migrated));
  }
  if (!unknown.empty()) {
    signs_.push_back(fmt::format("tenants have {}, which no file here is", join(unknown, ", ")));
  }
}

/// To replay for those groups of which nothing is known; or why that must wait.
std::optional<Skipped> TenantsLook::take_turn() {
  const Scope scope = expected_scope(settings_);
  if (!memory_.leave) return std::nullopt;
  for (const Group& group : groups_) {
    if (schemas_.has(*group.history, memory_.target, scope)) continue;
    turn_.emplace(turn_to_replay(*memory_.leave, schemas_, *group.history, settings_.interval));
    if (auto* skipped = std::get_if<Skipped>(&*turn_)) return std::move(*skipped);
    break;
  }
  return std::nullopt;
}

/// What each group should look like. One that cannot be had is unknown, and the others are not.
void TenantsLook::derive() {
  const Scope scope = expected_scope(settings_);
  memory_.tenants.again = {};
  for (Group& group : groups_) {
    try {
      group.expected = schemas_.of(*group.history, memory_.target, scope, stop_);
      refuse_undetermined(group.expected->expected.undetermined);
    } catch (const Error& error) {
      if (stop_.stop_requested()) throw;
      group.expected.reset();
      for (const TenantVersion* tenant : group.tenants) set_unknown(*tenant, "replay", error);
      memory_.tenants.again = now_ + try_again;
    }
  }
}

std::vector<TenantDrift> TenantsLook::compare(const ActualTenants& actual) {
  Collected collected;
  for (const Group& group : groups_) {
    if (!group.expected) continue;
    const TenantPattern pattern(group.expected->expected, tenant_schema);
    for (const TenantVersion* tenant : group.tenants) {
      if (!pattern.fits(tenant->identity)) {
        set_unknown(*tenant, "compare",
                    {Reason::NotUnderstood,
                     fmt::format("what a schema called {} should look like cannot be told",
                                 tenant->identity),
                     "Its name has to be quoted, and the migrations put it together with other "
                     "words. Leave it out with exclude_schemas."});
        continue;
      }
      const Expected expected = pattern.for_tenant(tenant->identity);
      const Actual there = actual.of(*tenant);
      RunTime run_time;
      for (const Drift& drift : differences(expected, there, *group.history, settings_, expected,
                                            run_time, tenant->identity)) {
        collected.add(drift, *tenant);
      }
      run_time_.add(run_time);
    }
  }
  return std::move(collected).take();
}

Report TenantsLook::judged(const ServerState& began, std::vector<TenantDrift> drifts) {
  Report report;
  report.name = settings_.name.empty() ? began.database : settings_.name;
  report.server = info_of(began);
  report.history = *history_status_;
  report.deployment = deployment();
  report.run_time = run_time_;
  report.looked = now_;
  Digest digest;
  for (const Group& group : groups_) {
    if (!group.expected) continue;
    digest.add(group.expected->digest);
    report.objects +=
        group.tenants.size() * TenantPattern(group.expected->expected, tenant_schema).objects();
    for (const std::string& note : group.expected->notes) {
      if (std::ranges::find(report.notes, note) == report.notes.end()) report.notes.push_back(note);
    }
  }
  report.expected_digest = digest.hex();
  std::map<std::string_view, Time> since;
  if (memory_.last_good) {
    for (const Tenant& one : memory_.last_good->tenants) {
      if (one.unknown) since.emplace(one.schema, one.unknown->since);
    }
  }
  for (const TenantVersion& version : versions_) {
    Tenant tenant{version.schema, version.revisions, {}, memory_.tenants.new_until(version.schema)};
    if (const auto unknown = unknowns_.find(version.schema); unknown != unknowns_.end()) {
      tenant.unknown = unknown->second;
      if (const auto known = since.find(version.schema); known != since.end()) {
        tenant.unknown->since = known->second;
      }
    }
    report.tenants.push_back(std::move(tenant));
  }
  judge_tenants(report, std::move(drifts), settings_.policy, memory_.last_good.get(), now_);
  return report;
}

Outcome TenantsLook::look() {
  stage_ = "files";
  const std::shared_ptr<const History> history = memory_.history.at(settings_.history);

  stage_ = "connect";
  const std::optional<ServerState> state = memory_.session.resume(settings_.limits, stop_);
  const bool due = !recent(memory_.full_read, now_, settings_.full_read) ||
                   (memory_.tenants.again != Time{} && now_ >= memory_.tenants.again);
  if (state && memory_.last_good && !due && memory_.files == memory_.history.stamp() &&
      state->moment && state->moment == memory_.moment) {
    if (may_wait(*memory_.last_good)) {
      Snapshot snapshot(memory_.session.session(), settings_.snapshot);
      signs_ = signs_of_work(snapshot, settings_);
    }
    if (memory_.last_good->history) add_signs_of_tenants(memory_.last_good->history->unknown);
    rest();  // nobody wrote anything at all
    return still_good(memory_, *state, settings_.policy, std::move(signs_), now_);
  }
  Session& session = state ? memory_.session.session()
                           : memory_.session.connect(settings_.endpoint, settings_.limits, stop_);

  // History and catalogue come from one snapshot: a migration that lands between is no drift.
  stage_ = "history";
  refuse_unknown_major(session.server_major());
  const std::optional<std::string> writes = catalogue_writes(session);
  std::optional<Snapshot> snapshot(std::in_place, session, settings_.snapshot);
  const ServerState began = server_state(*snapshot);
  read_versions(*snapshot, *history);
  const std::string history_key = key_of(memory_.history.stamp(), versions_);

  stage_ = "fingerprint";
  const bool same_history = memory_.last_good && !due && history_key == memory_.history_key &&
                            began.system_identifier == memory_.last_good->server.system_identifier;
  const bool unmoved = began.moment && began.moment == memory_.moment;
  const bool quiet = memory_.quiet.still(writes, now_) && same_history && !memory_.told;
  times_.fingerprint = !unmoved && !quiet;
  const std::string before = times_.fingerprint ? fingerprint(*snapshot) : memory_.fingerprint;
  if (same_history && before == memory_.fingerprint) {
    if (times_.fingerprint) {
      memory_.quiet.looked(writes, now_);
      memory_.moment = began.moment;
    }
    if (may_wait(*memory_.last_good)) {
      std::ranges::move(signs_of_work(*snapshot, settings_), std::back_inserter(signs_));
    }
    snapshot.reset();
    rest();
    return still_good(memory_, began, settings_.policy, std::move(signs_), now_);
  }

  stage_ = "read";
  std::ranges::move(signs_of_work(*snapshot, settings_), std::back_inserter(signs_));
  refuse_during_ddl(*snapshot);
  memory_.target = tenant_target(read_target(*snapshot, main_owner(versions_)));
  // Before the catalogue is read: it would be read for nothing.
  if (auto skipped = take_turn()) {
    snapshot.reset();
    rest();
    return *std::move(skipped);
  }
  times_.full_read = true;
  const ActualTenants actual(*snapshot, tenants_of(settings_), versions_);
  snapshot->end();

  // Definitions come from the newest catalogue, not from the snapshot: nothing may have moved.
  stage_ = "verify";
  snapshot.reset();
  snapshot.emplace(session, settings_.snapshot);
  const bool stood_still = began.moment && server_state(*snapshot).moment == began.moment;
  if (!stood_still && fingerprint(*snapshot) != before) {
    throw Error(Reason::CatalogueChanged, "the catalogue changed while it was read");
  }
  snapshot.reset();  // production waits for nobody's replay
  rest();

  stage_ = "replay";
  derive();
  turn_.reset();

  stage_ = "compare";
  Report report = judged(began, compare(actual));
  report.fingerprint = before;
  memory_.causes.actual.reset();  // why tenants differ is not told
  memory_.last_good = std::make_shared<const Report>(report);
  // Of what most tenants are the origins are told.
  const auto told = std::ranges::find_if(groups_, [](const Group& one) { return !!one.expected; });
  memory_.applied = told == groups_.end() ? nullptr : told->history;
  memory_.expected = told == groups_.end() ? nullptr : told->expected;
  memory_.fingerprint = before;
  memory_.moment = began.moment;
  memory_.quiet.looked(writes, now_);
  memory_.history_key = history_key;
  memory_.files = memory_.history.stamp();
  memory_.full_read = now_;
  return report;
}

}  // namespace

Outcome scan_tenants(const DatabaseSettings& settings, ExpectedSchemas& expected_schemas,
                     LookMemory& memory, LookTimes& times, Time now, const std::stop_token& stop) {
  return TenantsLook(settings, expected_schemas, memory, times, now, stop).run();
}

}  // namespace driftd

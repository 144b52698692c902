#include <boost/json.hpp>

#include <utility>

#include "daemon/judge/tenants.h"
#include "daemon/publish/explanation.h"
#include "daemon/publish/publish.h"
#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

namespace json = boost::json;

constexpr int schema_version = 1;

json::string text(std::string_view bytes) {
  return json::string(valid_utf8(bytes));
}

json::value text_or_null(const std::optional<std::string>& value) {
  if (!value) return nullptr;
  return text(*value);
}

json::value time_or_null(Time time) {
  if (time == Time{}) return nullptr;
  return text(rfc3339(time));
}

json::array texts(const std::vector<std::string>& list) {
  json::array array;
  for (const std::string& one : list) array.push_back(text(one));
  return array;
}

json::object object_id(const ObjectId& id) {
  return {{"kind", text(id.kind)}, {"identity", text(id.identity)}};
}

json::value place_or_null(const Place& place) {
  if (place.file.empty()) return nullptr;
  json::object object{{"file", text(place.file)}};
  object["line"] = place.line > 0 ? json::value(place.line) : json::value(nullptr);
  object["column"] = place.column > 0 ? json::value(place.column) : json::value(nullptr);
  return object;
}

json::value provenance_or_null(const std::optional<Provenance>& provenance) {
  if (!provenance) return nullptr;
  return json::object{{"revision", text(provenance->revision)},
                      {"message", text(provenance->message)},
                      {"place", place_or_null(provenance->place)}};
}

json::value changed_by_or_null(const std::optional<ChangedBy>& by) {
  if (!by) return nullptr;
  return json::object{{"time", time_or_null(by->at)},
                      {"role", text(by->login_role)},
                      {"acting_role", text(by->acting_role)},
                      {"application", text(by->application)},
                      {"client", by->client.empty() ? json::value(nullptr) : text(by->client)},
                      {"pid", by->pid},
                      {"tag", text(by->tag)},
                      {"object", by->object.empty() ? json::value(nullptr) : text(by->object)},
                      {"statement", text_or_null(by->statement)},
                      {"certain", by->certain},
                      {"others", by->others}};
}

json::array properties(const std::vector<Difference>& list) {
  json::array array;
  for (const Difference& difference : list) {
    array.push_back(json::object{{"property", text(difference.property)},
                                 {"expected", text_or_null(difference.expected)},
                                 {"actual", text_or_null(difference.actual)}});
  }
  return array;
}

json::array differences(const Finding& finding) {
  json::array array = properties(finding.drift.differences);
  for (json::value& difference : array) {
    const auto set = finding.set_by.find(difference.at("property").as_string());
    difference.as_object()["provenance"] =
        set == finding.set_by.end() ? nullptr : provenance_or_null(set->second);
  }
  return array;
}

/// `after`: the last look that still agreed; `at`: when what differs was committed.
json::value since_or_null(const Finding& finding) {
  if (finding.comparison == Comparison::Models) return nullptr;
  return json::object{{"at", time_or_null(finding.since.committed)},
                      {"after", time_or_null(finding.since.agreed)},
                      {"before", time_or_null(finding.first_seen)}};
}

json::value fate_or_null(const Finding& finding) {
  if (!finding.fate) return nullptr;
  return json::object{{"is", text(name_of(finding.fate->kind))},
                      {"object", object_id(finding.fate->object)}};
}

json::object cause_object(const NamedCause& cause) {
  return {{"cause", text(name_of(cause.cause))},
          {"sentence", text(cause.sentence)},
          {"revisions", texts(cause.revisions)},
          {"place", place_or_null(cause.place)}};
}

json::array cause_array(const Report& report) {
  json::array array;
  for (const CauseGroup& group : by_cause(report)) {
    if (group.cause == nullptr) continue;
    json::object object = cause_object(*group.cause);
    object["findings"] = group.findings.size();
    array.push_back(std::move(object));
  }
  return array;
}

json::array tenant_names(const Finding& finding) {
  json::array array;
  for (const Sighting& one : finding.tenants) array.push_back(text(one.tenant));
  return array;
}

json::object finding_object(const Finding& finding) {
  const Drift& drift = finding.drift;
  return {{"fingerprint", text(finding.fingerprint)},
          {"comparison", text(name_of(finding.comparison))},
          {"object", object_id(drift.object)},
          {"parent", drift.parent ? json::value(object_id(*drift.parent)) : json::value(nullptr)},
          {"like", drift.like ? json::value(object_id(*drift.like)) : json::value(nullptr)},
          {"drift", text(name_of(drift.kind))},
          {"impact", text(name_of(finding.impact))},
          {"consequence", text(finding.consequence)},
          {"state", text(name_of(finding.state))},
          {"first_seen", time_or_null(finding.first_seen)},
          {"since", since_or_null(finding)},
          {"cause", finding.cause ? json::value(text(name_of(*finding.cause))) : nullptr},
          {"object_id", fate_or_null(finding)},
          {"looks", finding.looks},
          {"differences", differences(finding)},
          {"properties", properties(drift.properties)},
          {"contained", drift.folded},
          {"declared", provenance_or_null(finding.declared)},
          {"provenance", provenance_or_null(finding.provenance)},
          {"changed_by", changed_by_or_null(finding.changed_by)},
          {"tenants", tenant_names(finding)}};
}

json::object run_time_object(const RunTime& run_time) {
  json::array partitions;
  for (const RunTime::Partitions& one : run_time.partitions) {
    partitions.push_back(
        json::object{{"parent", text(one.parent)}, {"objects", one.there}, {"gone", one.gone}});
  }
  json::array declared;
  for (const RunTime::Declared& one : run_time.declared) {
    declared.push_back(json::object{{"pattern", text(one.pattern)},
                                    {"objects", one.there},
                                    {"gone", one.gone},
                                    {"used", one.used}});
  }
  return {{"objects", run_time.there()},
          {"partitions", std::move(partitions)},
          {"declared", std::move(declared)}};
}

json::array unread_array(const std::vector<Unread>& parts) {
  json::array array;
  for (const Unread& part : parts) {
    array.push_back(json::object{{"model", text(part.model)},
                                 {"table", text(part.table)},
                                 {"object", text(part.object)},
                                 {"message", text(part.message)},
                                 {"hint", text(part.hint)},
                                 {"place", place_or_null(part.place)}});
  }
  return array;
}

json::array finding_array(const std::vector<Finding>& findings) {
  json::array array;
  for (const Finding& finding : findings) array.push_back(finding_object(finding));
  return array;
}

json::object waiver_object(const Waiver& waiver) {
  return {{"kind", text(waiver.kind)},
          {"object", text(waiver.object)},
          {"drift", text(name_of(waiver.drift))},
          {"properties", texts(waiver.properties)},
          {"reason", text(waiver.reason)},
          {"by", text(waiver.by)},
          {"until", text(waiver.last_day)},
          {"place", place_or_null(waiver.place)}};
}

json::array waived_array(const std::vector<Waived>& waived) {
  json::array array;
  for (const Waived& one : waived) {
    json::object object = finding_object(one.finding);
    object["waiver"] = waiver_object(one.waiver);
    array.push_back(std::move(object));
  }
  return array;
}

json::array waiver_array(const std::vector<Waiver>& waivers) {
  json::array array;
  for (const Waiver& waiver : waivers) array.push_back(waiver_object(waiver));
  return array;
}

json::object history_object(const HistoryStatus& history) {
  return {{"tool", text(history.tool)},
          {"applied", history.applied},
          {"database_revisions", texts(history.database_revisions)},
          {"heads", texts(history.heads)},
          {"pending", texts(history.pending)},
          {"unknown", texts(history.unknown)},
          {"edited", texts(history.edited)}};
}

json::object unknown_object(const Unknown& unknown) {
  json::object object{
      {"stage", text(unknown.stage)},          {"reason", text(name_of(unknown.reason))},
      {"message", text(unknown.message)},      {"hint", text(unknown.hint)},
      {"place", place_or_null(unknown.place)}, {"since", time_or_null(unknown.since)},
      {"looked", time_or_null(unknown.looked)}};
  object["cause"] = unknown.cause ? json::value(cause_object(*unknown.cause)) : nullptr;
  object["history"] =
      unknown.history ? json::value(history_object(*unknown.history)) : json::value(nullptr);
  return object;
}

json::array tenant_array(const Report& report) {
  const auto statuses = statuses_of_tenants(report);
  json::array array;
  for (const Tenant& tenant : report.tenants) {
    json::object object{{"schema", text(tenant.schema)},
                        {"status", text(name_of(statuses.at(tenant.schema)))},
                        {"revisions", texts(tenant.revisions)}};
    object["unknown"] =
        tenant.unknown ? json::value(unknown_object(*tenant.unknown)) : json::value(nullptr);
    array.push_back(std::move(object));
  }
  return array;
}

json::object report_object(const Report& report) {
  return {{"looked", time_or_null(report.looked)},
          {"server", json::object{{"database", text(report.server.database)},
                                  {"version", text(report.server.version)},
                                  {"system_identifier", text(report.server.system_identifier)},
                                  {"in_recovery", report.server.in_recovery}}},
          {"history",
           report.history ? json::value(history_object(*report.history)) : json::value(nullptr)},
          {"expected_digest", text(report.expected_digest)},
          {"objects", report.objects},
          {"causes", cause_array(report)},
          {"findings", finding_array(report.findings)},
          {"resolved", finding_array(report.resolved)},
          {"waived", waived_array(report.waived)},
          {"unused_waivers", waiver_array(report.unused_waivers)},
          {"expired_waivers", waiver_array(report.expired_waivers)},
          {"made_at_run_time", run_time_object(report.run_time)},
          {"unread", unread_array(report.unread)},
          {"tenants", tenant_array(report)},
          {"notes", texts(report.notes)}};
}

json::object by_reason(const std::map<Reason, std::uint64_t>& counts) {
  json::object object;
  for (const auto& [reason, count] : counts) object[name_of(reason)] = count;
  return object;
}

double seconds(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

json::object published_object(const Published& published) {
  json::object stages;
  for (const auto& [stage, took] : published.stage_seconds) stages[valid_utf8(stage)] = took;
  json::object object{{"name", text(published.name)},
                      {"status", text(name_of(published.status()))},
                      {"summary", text(summary(published))},
                      {"looked", time_or_null(published.looked)},
                      {"last_success", time_or_null(published.last_success)},
                      {"interval_seconds", seconds(published.interval)},
                      {"stage_seconds", std::move(stages)},
                      {"looks", published.looks},
                      {"full_reads", published.full_reads},
                      {"failures", by_reason(published.failures)},
                      {"skipped", by_reason(published.skipped)}};
  object["unknown"] =
      published.unknown ? json::value(unknown_object(*published.unknown)) : json::value(nullptr);
  // Of the newest look that could tell: older than `unknown`, where both are there.
  object["report"] = published.last_good != nullptr
                         ? json::value(report_object(*published.last_good))
                         : json::value(nullptr);
  object["deployment"] =
      published.deployment
          ? json::value(json::object{{"since", time_or_null(published.deployment->since)},
                                     {"signs", texts(published.deployment->signs)}})
          : json::value(nullptr);
  object["listening_problem"] = text_or_null(published.listening_problem);
  object["state_problem"] = text_or_null(published.state_problem);
  object["self_test"] =
      published.self_test
          ? json::value(json::object{{"success", published.self_test->success},
                                     {"message", text(published.self_test->message)},
                                     {"ended", time_or_null(published.self_test->ended)}})
          : json::value(nullptr);
  object["models"] = published.models != nullptr ? json::value(published_object(*published.models))
                                                 : json::value(nullptr);
  return object;
}

}  // namespace

std::string json_text(const AllPublished& all) {
  json::array databases;
  for (const auto& published : all) databases.push_back(published_object(*published));
  return json::serialize(json::object{{"schema_version", schema_version},
                                      {"databases", std::move(databases)}}) +
         "\n";
}

std::string json_text(const Published& published) {
  json::object object{{"schema_version", schema_version}};
  for (auto& member : published_object(published)) object.insert(member);
  return json::serialize(object) + "\n";
}

std::string json_text(const std::vector<Explanation>& explanations) {
  json::array array;
  for (const Explanation& one : explanations) {
    json::array facts;
    for (const Explanation::Fact& fact : one.facts) {
      facts.push_back(json::object{{"property", text(fact.property)},
                                   {"value", text(fact.value)},
                                   {"provenance", provenance_or_null(fact.by)}});
    }
    json::array parts;
    for (const Explanation::Part& part : one.parts) {
      parts.push_back(json::object{{"object", object_id(part.object)},
                                   {"provenance", provenance_or_null(part.by)}});
    }
    array.push_back(json::object{{"object", object_id(one.object)},
                                 {"expected", one.expected},
                                 {"provenance", provenance_or_null(one.by)},
                                 {"properties", std::move(facts)},
                                 {"parts", std::move(parts)},
                                 {"findings", finding_array(one.findings)}});
  }
  return json::serialize(
             json::object{{"schema_version", schema_version}, {"objects", std::move(array)}}) +
         "\n";
}

}  // namespace driftd

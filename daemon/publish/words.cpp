#include "daemon/publish/words.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "daemon/judge/tenants.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

std::tm utc(Time time) {
  return fmt::gmtime(std::chrono::system_clock::to_time_t(time));
}

std::int64_t milliseconds_of(Time time) {
  const auto since = time.time_since_epoch();
  return std::chrono::floor<std::chrono::milliseconds>(since).count() -
         1000 * std::chrono::floor<std::chrono::seconds>(since).count();
}

std::string impacts(const std::vector<Finding>& findings) {
  std::vector<std::string> parts;
  for (const Impact impact : {Impact::Breaking, Impact::Risky, Impact::Harmless}) {
    const auto count = std::ranges::count_if(findings, [&](const Finding& f) {
      return f.impact == impact && f.state == FindingState::Confirmed;
    });
    if (count > 0) parts.push_back(fmt::format("{} {}", count, name_of(impact)));
  }
  return join(parts, ", ");
}

}  // namespace

std::string rfc3339(Time time) {
  if (time == Time{}) return {};
  const Time whole = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", utc(whole), milliseconds_of(time));
}

std::string for_people(Time time) {
  if (time == Time{}) return "never";
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC",
                     utc(std::chrono::floor<std::chrono::seconds>(time)));
}

std::string for_people(std::chrono::milliseconds duration) {
  const std::int64_t seconds =
      std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(duration).count());
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 120 * 60) return fmt::format("{} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86400);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string status_words(const Published& published) {
  if (published.unknown) return "cannot tell";
  if (published.last_good == nullptr) return "not looked yet";
  switch (published.status()) {
    case Status::InSync:
      return "in sync";
    case Status::Drift:
      return "drift";
    case Status::Unknown:
      return published.last_good->findings.empty() || !unknown_tenants(*published.last_good).empty()
                 ? "cannot tell"
                 : "confirming";
  }
  return "cannot tell";
}

std::size_t undetermined(const Report& report) {
  return static_cast<std::size_t>(std::ranges::count_if(
      report.unread, [](const Unread& part) { return !part.object.empty(); }));
}

std::string summary(const Published& published) {
  if (published.unknown) return published.unknown->message;
  if (published.last_good == nullptr) return "the first look has not ended";
  const Report& report = *published.last_good;
  const std::size_t confirmed = report.confirmed();
  const std::size_t seen = report.findings.size() - confirmed;
  std::string text;
  if (confirmed > 0) {
    text = fmt::format("{}: {}", counted(confirmed, "finding"), impacts(report.findings));
  }
  if (seen > 0) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{} seen, to be confirmed by the next look{}", counted(seen, "finding"),
                        report.deployment ? " after the deployment" : "");
  }
  const std::size_t open = undetermined(report);
  if (open < report.unread.size()) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{} of the models not understood",
                        counted(report.unread.size() - open, "part"));
  }
  if (open > 0) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{} that the migrations leave open", counted(open, "object"));
  }
  if (!report.tenants.empty()) {
    if (!text.empty()) text += "; ";
    text += tenants_words(report);
  }
  if (text.empty() && report.comparison == Comparison::Models) {
    text = "the migrations make what the models describe";
  } else if (text.empty()) {
    text = report.history ? "the database looks as its applied migrations say"
                          : "the two databases look alike";
  }
  if (!report.waived.empty()) {
    text += fmt::format("; {} waived", counted(report.waived.size(), "finding"));
  }
  return text;
}

std::string few_of(const std::vector<std::string>& names, std::size_t most) {
  const std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(most, names.size())));
  std::string text = join(first, ", ");
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

std::string tenants_words(const Finding& finding) {
  if (finding.tenants.empty()) return {};
  std::vector<std::string> names;
  for (const Sighting& one : finding.tenants) names.push_back(one.tenant);
  return fmt::format("in {}: {}", counted(names.size(), "tenant"), few_of(names));
}

std::string tenants_words(const Report& report) {
  if (report.tenants.empty()) return {};
  const TenantCounts counts = count_tenants(report);
  std::vector<std::string> parts;
  if (counts.in_sync > 0) parts.push_back(fmt::format("{} in sync", counts.in_sync));
  if (counts.drift > 0) parts.push_back(fmt::format("{} drift", counts.drift));
  if (counts.unknown > 0) parts.push_back(fmt::format("{} cannot be told", counts.unknown));
  return fmt::format("{}: {}", counted(report.tenants.size(), "tenant"), join(parts, ", "));
}

std::string run_time_words(const RunTime& run_time) {
  const auto gone = [](std::size_t count) {
    if (count == 0) return std::string();
    return fmt::format(" ({} more that {} expected {} gone)", count, count == 1 ? "is" : "are",
                       count == 1 ? "is" : "are");
  };
  std::vector<std::string> parts;
  for (const RunTime::Partitions& one : run_time.partitions) {
    parts.push_back(
        fmt::format("{} of {}{}", counted(one.there, "partition"), one.parent, gone(one.gone)));
  }
  for (const RunTime::Declared& one : run_time.declared) {
    if (one.there + one.gone == 0) continue;
    parts.push_back(
        fmt::format("{} named {}{}", counted(one.there, "object"), one.pattern, gone(one.gone)));
  }
  return few_of(parts);
}

std::vector<std::string> unused_patterns(const RunTime& run_time) {
  std::vector<std::string> unused;
  for (const RunTime::Declared& one : run_time.declared) {
    if (!one.used) unused.push_back(one.pattern);
  }
  return unused;
}

std::vector<UnknownTenants> unknown_tenants(const Report& report) {
  std::vector<UnknownTenants> groups;
  std::map<std::string, std::size_t> known;
  for (const Tenant& tenant : report.tenants) {
    if (!tenant.unknown) continue;
    // The server may have quoted the name.
    std::string why = fmt::format("{} {} {}", tenant.unknown->stage,
                                  name_of(tenant.unknown->reason), tenant.unknown->message);
    for (auto at = why.find(tenant.schema); at != std::string::npos;
         at = why.find(tenant.schema, at + 1)) {
      why.replace(at, tenant.schema.size(), "\n");
    }
    std::erase(why, '"');
    const auto [at, fresh] = known.emplace(why, groups.size());
    if (fresh) groups.push_back({&*tenant.unknown, {}});
    groups[at->second].schemas.push_back(tenant.schema);
  }
  std::ranges::stable_sort(groups, std::greater{},
                           [](const UnknownTenants& one) { return one.schemas.size(); });
  return groups;
}

std::string words_of(const Deployment& deployment) {
  return "a deployment seems to be in progress: " + join(deployment.signs, "; ");
}

std::string_view drift_words(DriftKind kind) {
  switch (kind) {
    case DriftKind::Missing:
      return "is missing";
    case DriftKind::Unexpected:
      return "should not be there";
    case DriftKind::Changed:
      return "has changed";
    case DriftKind::Renamed:
      return "has been renamed";
  }
  return "has changed";
}

Sides sides_of(Comparison comparison) {
  return comparison == Comparison::Models ? Sides{"models", "migrations"} : Sides{};
}

std::string_view drift_words(const Finding& finding) {
  if (finding.comparison == Comparison::Database) return drift_words(finding.drift.kind);
  switch (finding.drift.kind) {
    case DriftKind::Missing:
      return "is in the models and in no migration";
    case DriftKind::Unexpected:
      return "is in the migrations and in no model";
    case DriftKind::Changed:
      return "is one thing in the models and another in the migrations";
    case DriftKind::Renamed:
      return "has another name in the migrations";
  }
  return "differs";
}

std::vector<Step> steps_behind(const Finding& finding) {
  if (finding.comparison == Comparison::Models) {
    std::vector<Step> steps;
    if (finding.declared) steps.push_back({"declared by the model", *finding.declared});
    const bool gone = finding.drift.kind == DriftKind::Missing;
    if (finding.provenance) {
      steps.push_back({gone ? "dropped by revision" : "set by revision", *finding.provenance});
    }
    return steps;
  }
  if (!finding.provenance) return {};
  if (finding.drift.kind == DriftKind::Unexpected) {
    return {{"dropped by revision", *finding.provenance}};
  }
  std::vector<std::pair<Provenance, std::vector<std::string>>> groups;
  for (const Difference& difference : finding.drift.differences) {
    const auto set = finding.set_by.find(difference.property);
    if (set == finding.set_by.end()) continue;
    auto group = std::ranges::find(groups, set->second, [](const auto& it) { return it.first; });
    if (group == groups.end()) group = groups.insert(group, {set->second, {}});
    group->second.push_back(difference.property);
  }
  if (groups.size() < 2) return {{"set by revision", *finding.provenance}};
  std::vector<Step> steps;
  for (const auto& [by, properties] : groups) {
    steps.push_back({join(properties, ", ") + " set by revision", by});
  }
  return steps;
}

std::string others_words(const ChangedBy& by) {
  if (by.others == 0) return {};
  return fmt::format("{} {} in question", counted(by.others, "more command"),
                     by.others == 1 ? "is" : "are");
}

std::string since_words(const Finding& finding) {
  const Since& since = finding.since;
  const bool a_look_before = since.agreed != Time{};
  if (since.committed != Time{}) {
    return fmt::format("{} {}", a_look_before ? "since" : "last changed",
                       for_people(since.committed));
  }
  if (!a_look_before) return {};
  return fmt::format("since a moment between {} and {}", for_people(since.agreed),
                     for_people(finding.first_seen));
}

std::string fate_words(const Finding& finding) {
  if (!finding.fate) return {};
  const std::string object = to_string(finding.fate->object);
  switch (finding.fate->kind) {
    case Fate::Kind::Renamed:
      return fmt::format("by its object id it is {} now", object);
    case Fate::Kind::WasCalled:
      return fmt::format("by its object id it was {} before", object);
    case Fate::Kind::CreatedAgain:
      return fmt::format("{} is no longer the object it was: dropped and created again", object);
    case Fate::Kind::NotTheSame:
      return fmt::format("by its object id no rename: {} was dropped, and this one is new", object);
  }
  return {};
}

std::string_view cause_words(Cause cause) {
  switch (cause) {
    case Cause::ChangedByHand:
      return "changed by hand";
    case Cause::StampedNotApplied:
      return "stamped and not applied";
    case Cause::AppliedNotStamped:
      return "applied and not stamped";
    case Cause::HalfApplied:
      return "half applied";
    case Cause::EditedAfterApplied:
      return "edited after being applied";
    case Cause::RolledBackImage:
      return "a rolled back image";
  }
  return "changed by hand";
}

std::vector<CauseGroup> by_cause(const Report& report) {
  std::vector<CauseGroup> groups;
  for (const NamedCause& cause : report.causes) groups.push_back({&cause, {}});
  groups.emplace_back();
  for (const Finding& finding : report.findings) {
    const auto group = std::ranges::find_if(groups, [&](const CauseGroup& one) {
      return one.cause == nullptr || one.cause->cause == finding.cause;
    });
    group->findings.push_back(&finding);
  }
  std::erase_if(groups, [](const CauseGroup& one) { return one.findings.empty(); });
  return groups;
}

bool findings_expired(const Published& published, Time now) {
  return published.unknown && now - published.last_success > 3 * published.interval;
}

}  // namespace driftd

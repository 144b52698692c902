#include <algorithm>
#include <map>

#include "daemon/judge/tenants.h"
#include "daemon/publish/metric_page.h"
#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

/// The metrics of what looks found.
namespace driftd {
namespace {

/// So many objects are named in labels; the rest is in the API and on the page.
constexpr std::size_t most_named_findings = 25;

void count_findings(const Watched& database, Metric& metric) {
  if (database.report() == nullptr || database.expired) return;
  std::map<std::pair<std::string, Impact>, std::size_t> counts;
  for (const std::string& kind : judged_kinds()) {
    for (const Impact impact : {Impact::Breaking, Impact::Risky, Impact::Harmless}) {
      counts[{kind, impact}] = 0;
    }
  }
  for (const Finding& finding : database.report()->findings) {
    if (finding.state != FindingState::Confirmed) continue;
    ++counts[{valid_utf8(finding.drift.object.kind), finding.impact}];
  }
  for (const auto& [key, count] : counts) {
    add(metric,
        {{"datname", database.name},
         {"comparison", database.comparison},
         {"impact", std::string(name_of(key.second))},
         {"kind", key.first}},
        number(count));
  }
}

std::string changed_properties(const Drift& drift) {
  std::vector<std::string> names;
  for (const Difference& difference : drift.differences) names.push_back(difference.property);
  return join(names, ",");
}

void name_findings(const Watched& database, Metric& metric) {
  if (database.report() == nullptr || database.expired) return;
  // What has an alert of its own needs its name most.
  std::vector<const Finding*> findings;
  for (const Finding& finding : database.report()->findings) {
    if (finding.state == FindingState::Confirmed) findings.push_back(&finding);
  }
  std::ranges::stable_partition(
      findings, [](const Finding* one) { return !one->cause || !is_shared(*one->cause); });
  if (findings.size() > most_named_findings) findings.resize(most_named_findings);
  for (const Finding* one : findings) {
    const Finding& finding = *one;
    const Drift& drift = finding.drift;
    add(metric,
        {{"datname", database.name},
         {"comparison", database.comparison},
         {"kind", drift.object.kind},
         {"object", drift.object.identity},
         {"drift", std::string(name_of(drift.kind))},
         {"properties", changed_properties(drift)},
         {"impact", std::string(name_of(finding.impact))},
         {"cause", finding.cause ? std::string(name_of(*finding.cause)) : ""},
         {"revision", finding.provenance ? finding.provenance->revision : ""},
         {"fingerprint", finding.fingerprint}},
        1);
  }
}

/// Every cause that a finding can have, so that a cause that is over shows as zero.
void count_causes(const Watched& database, Metric& metric) {
  if (database.comparison != "database") return;
  if (database.report() == nullptr || database.expired) return;
  for (const Cause cause : all_causes()) {
    if (cause == Cause::RolledBackImage) continue;  // then there are no findings
    for (const Impact impact : {Impact::Breaking, Impact::Risky, Impact::Harmless}) {
      const auto count =
          std::ranges::count_if(database.report()->findings, [&](const Finding& finding) {
            return finding.state == FindingState::Confirmed && finding.cause == cause &&
                   finding.impact == impact;
          });
      add(metric,
          {{"datname", database.name},
           {"comparison", database.comparison},
           {"cause", std::string(name_of(cause))},
           {"impact", std::string(name_of(impact))}},
          static_cast<double>(count));
    }
  }
}

void waiver_metrics(MetricPage& page) {
  const auto count = [](auto of) {
    return [of](const Watched& d, Metric& metric) {
      if (d.report() == nullptr || d.expired) return;
      add(metric, {{"datname", d.name}, {"comparison", d.comparison}}, number(of(*d.report())));
    };
  };
  page.many_compared(
      family("driftd_waived_findings", "Findings that a waiver covers, as of the last look."),
      count([](const Report& report) { return report.waived.size(); }));
  page.many_compared(
      family("driftd_unused_waivers", "Waivers in force that cover nothing, as of the last look."),
      count([](const Report& report) { return report.unused_waivers.size(); }));
  page.many_compared(
      family("driftd_expired_waivers", "Waivers whose last day is over, as of the last look."),
      count([](const Report& report) { return report.expired_waivers.size(); }));
}

void run_time_metrics(MetricPage& page) {
  const auto current = [](const Watched& d) { return d.report() != nullptr && !d.expired; };
  page.each(family("driftd_run_time_objects",
                   "Partitions that no migration makes, of tables that are expected, and other "
                   "objects that made_at_run_time names, which are no drift, as of the last look."),
            [current](const Watched& d) -> Sample {
              if (!current(d)) return std::nullopt;
              return number(d.report()->run_time.there());
            });
  page.each(family("driftd_unused_run_time_patterns",
                   "Patterns of made_at_run_time that name nothing, as of the last look."),
            [current](const Watched& d) -> Sample {
              if (!current(d)) return std::nullopt;
              return number(unused_patterns(d.report()->run_time).size());
            });
}

void undetermined_metrics(MetricPage& page) {
  page.each(family("driftd_undetermined_objects",
                   "Objects of a database that are not compared, since what its migrations did to "
                   "them depends on what only the application knew, as of the last look that could "
                   "tell."),
            [](const Watched& d) -> Sample {
              if (d.report() == nullptr) return std::nullopt;
              return number(undetermined(*d.report()));
            });
}

}  // namespace

void finding_metrics(MetricPage& page) {
  page.many_compared(
      family("driftd_drift_findings",
             "Confirmed findings. Left out when the database could not be looked at for "
             "three intervals, as of the last look."),
      count_findings);
  page.many_compared(family("driftd_finding_info",
                            "A confirmed finding by name, the worst 25 of a database, those that "
                            "share a cause last; always 1, as of the last look."),
                     name_findings);
  page.many_compared(family("driftd_cause_findings",
                            "Confirmed findings by what they come from, where that is told, "
                            "as of the last look."),
                     count_causes);
  page.each(family("driftd_findings_truncated",
                   "Confirmed findings that driftd_finding_info does not name, "
                   "as of the last look."),
            [](const Watched& d) -> Sample {
              if (d.report() == nullptr || d.expired) return std::nullopt;
              const std::size_t count = d.report()->confirmed();
              return number(count - std::min(count, most_named_findings));
            });
  page.many_compared(
      family("driftd_drift_first_seen_timestamp_seconds",
             "When the oldest of the confirmed findings was first seen, "
             "as of the last look."),
      [](const Watched& d, Metric& metric) {
        if (d.report() == nullptr || d.expired || d.report()->confirmed() == 0) return;
        Time oldest = Time::max();
        for (const Finding& finding : d.report()->findings) {
          if (finding.state == FindingState::Confirmed) {
            oldest = std::min(oldest, finding.first_seen);
          }
        }
        add(metric, {{"datname", d.name}, {"comparison", d.comparison}}, seconds(oldest));
      });
  waiver_metrics(page);
  run_time_metrics(page);
}

void tenant_metrics(MetricPage& page) {
  page.many(family("driftd_tenants",
                   "Tenants of a database with a schema for each, by whether theirs looks as its "
                   "migrations say. Left out when the database could not be looked at for three "
                   "intervals, as of the last look."),
            [](const Watched& d, Metric& metric) {
              if (d.report() == nullptr || d.expired || d.report()->tenants.empty()) return;
              const TenantCounts counts = count_tenants(*d.report());
              const auto sample = [&](Status status, std::size_t count) {
                add(metric, {{"datname", d.name}, {"status", std::string(name_of(status))}},
                    number(count));
              };
              sample(Status::InSync, counts.in_sync);
              sample(Status::Drift, counts.drift);
              sample(Status::Unknown, counts.unknown);
            });
  undetermined_metrics(page);
}

}  // namespace driftd

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "daemon/judge/tenants.h"
#include "daemon/publish/publish.h"
#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

/// So many objects are named in labels; the rest is in the API and on the page.
constexpr std::size_t most_named_findings = 25;

MetricFamily family(std::string name, std::string help, MetricType type = MetricType::Gauge) {
  return {std::move(name), std::move(help), type, {}};
}

void add(MetricFamily& to, Labels labels, double value) {
  prometheus::ClientMetric metric;
  for (auto& [name, text] : labels) metric.label.push_back({name, valid_utf8(text)});
  if (to.type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  to.metric.push_back(std::move(metric));
}

double seconds(Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double number(std::size_t count) {
  return static_cast<double>(count);
}

/// One database under the name its series carry: unique, or Prometheus would drop one of two.
struct Watched {
  std::string name;
  const Published* published;
  bool expired;  ///< its findings are too old to be shown
  std::string comparison = "database";

  const Report* report() const { return published->last_good.get(); }
};

std::vector<Watched> watched(const AllPublished& all, Time now) {
  std::set<std::string> names;
  std::vector<Watched> databases;
  for (const auto& published : all) {
    std::string name = valid_utf8(published->name);
    for (int i = 2; !names.insert(name).second; ++i) {
      name = fmt::format("{} ({})", valid_utf8(published->name), i);
    }
    databases.push_back({name, published.get(), findings_expired(*published, now)});
  }
  return databases;
}

class Page {
 public:
  Page(std::vector<Watched> databases, Time now) : databases_(std::move(databases)) {
    for (const Watched& database : databases_) {
      comparisons_.push_back(database);
      const Published* models = database.published->models.get();
      if (models == nullptr) continue;
      comparisons_.push_back({database.name, models, findings_expired(*models, now), "models"});
    }
  }

  /// One sample a database, where `value` gives one.
  template <typename Value>
  void each(MetricFamily metric, Value value) {
    for (const Watched& database : databases_) {
      if (const std::optional<double> sample = value(database)) {
        add(metric, {{"datname", database.name}}, *sample);
      }
    }
    families_.push_back(std::move(metric));
  }

  /// Any number of samples a database; `append` gets the family to add to.
  template <typename Append>
  void many(MetricFamily metric, Append append) {
    for (const Watched& database : databases_) append(database, metric);
    families_.push_back(std::move(metric));
  }

  /// Any number of samples a comparison: of a database, and of its models where there are any.
  template <typename Append>
  void many_compared(MetricFamily metric, Append append) {
    for (const Watched& comparison : comparisons_) append(comparison, metric);
    families_.push_back(std::move(metric));
  }

  /// One sample a comparison of models, where `value` gives one.
  template <typename Value>
  void each_models(MetricFamily metric, Value value) {
    for (const Watched& comparison : comparisons_) {
      if (comparison.comparison != "models") continue;
      if (const std::optional<double> sample = value(comparison)) {
        add(metric, {{"datname", comparison.name}}, *sample);
      }
    }
    families_.push_back(std::move(metric));
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<Watched> databases_;
  std::vector<Watched> comparisons_;
  std::vector<MetricFamily> families_;
};

using Sample = std::optional<double>;

Sample unless_never(Time time) {
  if (time == Time{}) return std::nullopt;
  return seconds(time);
}

void status_metrics(Page& page) {
  page.each(family("driftd_up",
                   "Whether the newest look at the database could tell, "
                   "as of the last look."),
            [](const Watched& d) -> Sample {
              return d.published->last_good != nullptr && !d.published->unknown ? 1 : 0;
            });
  page.many_compared(
      family("driftd_status",
             "Whether the database looks as its migrations say, or the migrations as the models; "
             "the one of in_sync, drift, unknown that is 1, as of the last look."),
      [](const Watched& d, MetricFamily& metric) {
        for (const Status status : {Status::InSync, Status::Drift, Status::Unknown}) {
          add(metric,
              {{"datname", d.name},
               {"comparison", d.comparison},
               {"status", std::string(name_of(status))}},
              d.published->status() == status ? 1 : 0);
        }
      });
}

void count_findings(const Watched& database, MetricFamily& metric) {
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

void name_findings(const Watched& database, MetricFamily& metric) {
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
void count_causes(const Watched& database, MetricFamily& metric) {
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

void finding_metrics(Page& page) {
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
      [](const Watched& d, MetricFamily& metric) {
        if (d.report() == nullptr || d.expired || d.report()->confirmed() == 0) return;
        Time oldest = Time::max();
        for (const Finding& finding : d.report()->findings) {
          if (finding.state == FindingState::Confirmed) {
            oldest = std::min(oldest, finding.first_seen);
          }
        }
        add(metric, {{"datname", d.name}, {"comparison", d.comparison}}, seconds(oldest));
      });
}

void waiver_metrics(Page& page) {
  const auto count = [](auto of) {
    return [of](const Watched& d, MetricFamily& metric) {
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

void run_time_metrics(Page& page) {
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

/// What the newest look read of the history, also where it failed later on.
const HistoryStatus* history_of(const Watched& database) {
  if (database.published->unknown) {
    const auto& history = database.published->unknown->history;
    return history ? &*history : nullptr;
  }
  const Report* report = database.report();
  return report == nullptr || !report->history ? nullptr : &*report->history;
}

void history_metrics(Page& page) {
  page.each(family("driftd_applied_migrations",
                   "Migrations that the database says it has, as of the last look."),
            [](const Watched& d) -> Sample {
              const HistoryStatus* history = history_of(d);
              return history == nullptr ? Sample() : number(history->applied);
            });
  page.each(family("driftd_pending_migrations",
                   "Migrations on disk that are not applied; no drift, as of the last look."),
            [](const Watched& d) -> Sample {
              const HistoryStatus* history = history_of(d);
              return history == nullptr ? Sample() : number(history->pending.size());
            });
  page.each(family("driftd_unknown_migrations",
                   "Revisions that the database says it has and no file on disk is, "
                   "as of the last look."),
            [](const Watched& d) -> Sample {
              const HistoryStatus* history = history_of(d);
              return history == nullptr ? Sample() : number(history->unknown.size());
            });
  page.each(family("driftd_edited_migrations",
                   "Applied migrations whose files have changed since they were applied, or since "
                   "driftd first saw them applied, as of the last look."),
            [](const Watched& d) -> Sample {
              const HistoryStatus* history = history_of(d);
              return history == nullptr ? Sample() : number(history->edited.size());
            });
  page.many(
      family("driftd_migration_info",
             "A revision in the database's version table; always 1, as of the last look."),
      [](const Watched& d, MetricFamily& metric) {
        const HistoryStatus* history = history_of(d);
        if (history == nullptr) return;
        std::set<std::string> versions;
        for (const std::string& revision : history->database_revisions) {
          if (!versions.insert(valid_utf8(revision)).second) continue;
          add(metric, {{"datname", d.name}, {"tool", history->tool}, {"version", revision}}, 1);
        }
      });
}

void tenant_metrics(Page& page) {
  page.many(family("driftd_tenants",
                   "Tenants of a database with a schema for each, by whether theirs looks as its "
                   "migrations say. Left out when the database could not be looked at for three "
                   "intervals, as of the last look."),
            [](const Watched& d, MetricFamily& metric) {
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
}

void undetermined_metrics(Page& page) {
  page.each(family("driftd_undetermined_objects",
                   "Objects of a database that are not compared, since what its migrations did to "
                   "them depends on what only the application knew, as of the last look that could "
                   "tell."),
            [](const Watched& d) -> Sample {
              if (d.report() == nullptr) return std::nullopt;
              return number(undetermined(*d.report()));
            });
}

void deployment_metrics(Page& page) {
  page.each(family("driftd_deployment_in_progress",
                   "Whether somebody seems to change the schema on purpose, for which new findings "
                   "wait a while, as of the last look."),
            [](const Watched& d) -> Sample { return d.published->deployment ? 1 : 0; });
}

void models_metrics(Page& page) {
  page.each_models(family("driftd_models_unread_parts",
                          "Parts of the models that are not understood, "
                          "as of the last comparison that could tell."),
                   [](const Watched& m) -> Sample {
                     if (m.report() == nullptr) return std::nullopt;
                     return number(m.report()->unread.size() - undetermined(*m.report()));
                   });
  page.each_models(family("driftd_models_last_success_timestamp_seconds",
                          "When the newest comparison of the models that could tell ended."),
                   [](const Watched& m) { return unless_never(m.published->last_success); });
}

void database_metrics(Page& page) {
  page.many(family("driftd_database_info",
                   "The server behind a database; always 1, as of the last look that could tell."),
            [](const Watched& d, MetricFamily& metric) {
              if (d.report() == nullptr) return;
              const ServerInfo& server = d.report()->server;
              add(metric,
                  {{"datname", d.name},
                   {"system_identifier", server.system_identifier},
                   {"server_version", server.version},
                   {"in_recovery", server.in_recovery ? "true" : "false"}},
                  1);
            });
}

void look_metrics(Page& page) {
  page.each(family("driftd_last_look_timestamp_seconds", "When the newest look ended."),
            [](const Watched& d) { return unless_never(d.published->looked); });
  page.each(family("driftd_last_success_timestamp_seconds",
                   "When the newest look that could tell ended."),
            [](const Watched& d) { return unless_never(d.published->last_success); });
  page.each(family("driftd_unknown_since_timestamp_seconds",
                   "When the first of the looks in a row that could not tell ended; absent while "
                   "looks can tell, as of the last look."),
            [](const Watched& d) -> Sample {
              if (!d.published->unknown) return std::nullopt;
              return unless_never(d.published->unknown->since);
            });
  page.each(family("driftd_look_interval_seconds", "The interval between looks, as configured."),
            [](const Watched& d) -> Sample {
              return std::chrono::duration<double>(d.published->interval).count();
            });
  page.each(
      family("driftd_last_look_delay_seconds", "How long after it was due the newest look began."),
      [](const Watched& d) -> Sample {
        if (d.published->looks == 0) return std::nullopt;
        return d.published->late;
      });
  page.many(family("driftd_last_look_duration_seconds",
                   "What the stages of a look took, as of the last look."),
            [](const Watched& d, MetricFamily& metric) {
              for (const auto& [stage, took] : d.published->stage_seconds) {
                add(metric, {{"datname", d.name}, {"stage", stage}}, took);
              }
            });
}

/// Every reason, so that a first failure is an increase and not a new series.
void add_by_reason(const Watched& database, MetricFamily& metric,
                   const std::map<Reason, std::uint64_t>& counts) {
  for (int i = 0; i <= static_cast<int>(Reason::Internal); ++i) {
    const auto reason = static_cast<Reason>(i);
    const auto count = counts.find(reason);
    add(metric, {{"datname", database.name}, {"reason", std::string(name_of(reason))}},
        count == counts.end() ? 0 : static_cast<double>(count->second));
  }
}

void self_test_metrics(Page& page) {
  page.each(family("driftd_selftest_success",
                   "Whether the newest self-test found the change that it had planted."),
            [](const Watched& d) -> Sample {
              if (!d.published->self_test) return std::nullopt;
              return d.published->self_test->success ? 1 : 0;
            });
  page.each(family("driftd_selftest_timestamp_seconds", "When the newest self-test ended."),
            [](const Watched& d) -> Sample {
              if (!d.published->self_test) return std::nullopt;
              return unless_never(d.published->self_test->ended);
            });
}

void state_metrics(Page& page) {
  page.each(family("driftd_ddl_log_listening",
                   "Whether the DDL log says at once when the schema was changed, as of the last "
                   "look; where the settings ask for it."),
            [](const Watched& d) -> Sample {
              if (!d.published->listening_problem) return std::nullopt;
              return d.published->listening_problem->empty() ? 1 : 0;
            });
  page.each(family("driftd_state_healthy",
                   "Whether what happens is remembered in the state file, as of the last look."),
            [](const Watched& d) -> Sample {
              if (!d.published->state_problem) return std::nullopt;
              return d.published->state_problem->empty() ? 1 : 0;
            });
}

void counter_metrics(Page& page) {
  page.each(family("driftd_looks_total", "Looks that ended.", MetricType::Counter),
            [](const Watched& d) -> Sample { return static_cast<double>(d.published->looks); });
  page.many(family("driftd_look_failures_total", "Looks that could not tell.", MetricType::Counter),
            [](const Watched& d, MetricFamily& metric) {
              add_by_reason(d, metric, d.published->failures);
            });
  page.many(family("driftd_looks_skipped_total",
                   "Looks put off because somebody was changing the schema at that moment.",
                   MetricType::Counter),
            [](const Watched& d, MetricFamily& metric) {
              add_by_reason(d, metric, d.published->skipped);
            });
  page.each(
      family("driftd_fingerprints_total",
             "Looks that compared the rows of the catalogues with those of the look before; the "
             "others were told that nothing was written.",
             MetricType::Counter),
      [](const Watched& d) -> Sample { return static_cast<double>(d.published->fingerprints); });
  page.each(
      family("driftd_full_reads_total",
             "Looks that read the whole catalogue; the others found it unchanged.",
             MetricType::Counter),
      [](const Watched& d) -> Sample { return static_cast<double>(d.published->full_reads); });
}

}  // namespace

std::string metrics_text(const AllPublished& all, Time now) {
  Page page(watched(all, now), now);
  status_metrics(page);
  finding_metrics(page);
  waiver_metrics(page);
  run_time_metrics(page);
  history_metrics(page);
  tenant_metrics(page);
  undetermined_metrics(page);
  deployment_metrics(page);
  models_metrics(page);
  database_metrics(page);
  look_metrics(page);
  self_test_metrics(page);
  state_metrics(page);
  counter_metrics(page);
  return page.text();
}

}  // namespace driftd

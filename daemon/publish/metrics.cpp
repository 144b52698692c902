#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "daemon/publish/metric_page.h"
#include "daemon/publish/publish.h"
#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

void status_metrics(MetricPage& page) {
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
      [](const Watched& d, Metric& metric) {
        for (const Status status : {Status::InSync, Status::Drift, Status::Unknown}) {
          add(metric,
              {{"datname", d.name},
               {"comparison", d.comparison},
               {"status", std::string(name_of(status))}},
              d.published->status() == status ? 1 : 0);
        }
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

void history_metrics(MetricPage& page) {
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
      [](const Watched& d, Metric& metric) {
        const HistoryStatus* history = history_of(d);
        if (history == nullptr) return;
        std::set<std::string> versions;
        for (const std::string& revision : history->database_revisions) {
          if (!versions.insert(valid_utf8(revision)).second) continue;
          add(metric, {{"datname", d.name}, {"tool", history->tool}, {"version", revision}}, 1);
        }
      });
}

void deployment_metrics(MetricPage& page) {
  page.each(family("driftd_deployment_in_progress",
                   "Whether somebody seems to change the schema on purpose, for which new findings "
                   "wait a while, as of the last look."),
            [](const Watched& d) -> Sample { return d.published->deployment ? 1 : 0; });
}

void models_metrics(MetricPage& page) {
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

void database_metrics(MetricPage& page) {
  page.many(family("driftd_database_info",
                   "The server behind a database; always 1, as of the last look that could tell."),
            [](const Watched& d, Metric& metric) {
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

void look_metrics(MetricPage& page) {
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
            [](const Watched& d, Metric& metric) {
              for (const auto& [stage, took] : d.published->stage_seconds) {
                add(metric, {{"datname", d.name}, {"stage", stage}}, took);
              }
            });
}

/// Every reason, so that a first failure is an increase and not a new series.
void add_by_reason(const Watched& database, Metric& metric,
                   const std::map<Reason, std::uint64_t>& counts) {
  for (int i = 0; i <= static_cast<int>(Reason::Internal); ++i) {
    const auto reason = static_cast<Reason>(i);
    const auto count = counts.find(reason);
    add(metric, {{"datname", database.name}, {"reason", std::string(name_of(reason))}},
        count == counts.end() ? 0 : static_cast<double>(count->second));
  }
}

void self_test_metrics(MetricPage& page) {
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

void state_metrics(MetricPage& page) {
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

void counter_metrics(MetricPage& page) {
  page.each(family("driftd_looks_total", "Looks that ended.", Metric::Kind::Counter),
            [](const Watched& d) -> Sample { return static_cast<double>(d.published->looks); });
  page.many(
      family("driftd_look_failures_total", "Looks that could not tell.", Metric::Kind::Counter),
      [](const Watched& d, Metric& metric) { add_by_reason(d, metric, d.published->failures); });
  page.many(
      family("driftd_looks_skipped_total",
             "Looks put off because somebody was changing the schema at that moment.",
             Metric::Kind::Counter),
      [](const Watched& d, Metric& metric) { add_by_reason(d, metric, d.published->skipped); });
  page.each(
      family("driftd_fingerprints_total",
             "Looks that compared the rows of the catalogues with those of the look before; the "
             "others were told that nothing was written.",
             Metric::Kind::Counter),
      [](const Watched& d) -> Sample { return static_cast<double>(d.published->fingerprints); });
  page.each(
      family("driftd_full_reads_total",
             "Looks that read the whole catalogue; the others found it unchanged.",
             Metric::Kind::Counter),
      [](const Watched& d) -> Sample { return static_cast<double>(d.published->full_reads); });
}

}  // namespace

std::string metrics_text(const AllPublished& all, Time now) {
  MetricPage page(all, now);
  status_metrics(page);
  finding_metrics(page);
  history_metrics(page);
  tenant_metrics(page);
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

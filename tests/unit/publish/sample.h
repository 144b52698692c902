#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/judge/judge.h"
#include "daemon/publish/publish.h"

/// What a database of the team may look like on a bad day.
namespace driftd {

/// 2026-03-01 02:00:00 UTC and so many seconds.
inline Time at(double seconds) {
  return Time{} +
         std::chrono::milliseconds(1772330400000 + static_cast<std::int64_t>(1000 * seconds));
}

inline Finding finding_of(Drift drift, FindingState state = FindingState::Confirmed) {
  Report report;
  report.name = "app";
  judge(report, {std::move(drift)}, Policy{}, nullptr, at(-300));
  Finding finding = report.findings.front();
  finding.state = state;
  return finding;
}

/// What an application makes by itself, and a pattern that names nothing.
inline RunTime sample_run_time() {
  RunTime run_time;
  run_time.partitions = {{"app.events", 14, 0}, {"app.logs", 1, 2}};
  run_time.declared = {{"app.customer_*", 3, 1, true}, {"app.<nobody>_*", 0, 0, false}};
  return run_time;
}

inline HistoryStatus sample_history() {
  return {"alembic", {"0007_phone"}, {"0008_audit"}, {"0008_audit"}, {}, {"0003_index"}, 7};
}

inline Report sample_report() {
  Report report;
  report.name = "app";
  report.server = {"app_production", "7300000000000000001", "15.6", false};
  report.history = sample_history();
  report.objects = 128;
  report.expected_digest = "d1";
  report.looked = at(0);
  Finding phone =
      finding_of({{"column", "app.users.phone"},
                  DriftKind::Changed,
                  {{"type", "text", "character varying(20)"}, {"not_null", "false", "true"}},
                  {},
                  0,
                  ObjectId{"table", "app.users"}});
  phone.provenance = Provenance{"0007_phone", "add phone", {"versions/0007_phone.py", 14}};
  phone.set_by = {{"type", *phone.provenance},
                  {"not_null", {"0006_users", "users", {"versions/0006_users.py", 9}}}};
  report.findings = {
      phone,
      finding_of({{"index", "app.ix_users_email"},
                  DriftKind::Missing,
                  {},
                  {{"method", "btree", {}}, {"unique", "true", {}}, {"columns", "(email)", {}}},
                  0,
                  ObjectId{"table", "app.users"}}),
      finding_of(
          {{"view", "app.balances"},
           DriftKind::Changed,
           {{"definition",
             " SELECT a.id,\n    a.owner,\n    sum(t.amount) AS balance\n   FROM app.accounts a\n"
             "     JOIN app.transactions t ON t.account_id = a.id\n  GROUP BY a.id, a.owner;",
             " SELECT a.id,\n    a.owner,\n    sum(t.amount) AS balance\n   FROM app.accounts a\n"
             "     LEFT JOIN app.transactions t ON t.account_id = a.id\n"
             "  GROUP BY a.id, a.owner;"}},
           {},
           0,
           ObjectId{"schema", "app"}}),
      finding_of({{"table", "app.users_backup"},
                  DriftKind::Unexpected,
                  {},
                  {{"persistence", {}, "permanent"}},
                  6,
                  ObjectId{"schema", "app"}},
                 FindingState::Seen),
  };
  return report;
}

/// The same day, once it is told where it all comes from.
inline Report explained_report() {
  Report report = sample_report();
  report.findings[0].cause = report.findings[1].cause = Cause::StampedNotApplied;
  report.findings[2].cause = Cause::ChangedByHand;
  report.findings[1].since.agreed = at(-303);
  report.findings[2].since = {at(-303), at(-301), true, false, true};
  report.findings[2].fate = Fate{Fate::Kind::CreatedAgain, {"view", "app.balances"}};
  report.causes = {
      {Cause::StampedNotApplied, "the version table says 7, and it was <never> run", {"7"}, {}},
      {Cause::HalfApplied, "of nothing that is left", {"6"}, {"6.py", 3, 0}},
      {Cause::ChangedByHand, "no migration does this", {}, {}}};
  return report;
}

inline std::shared_ptr<Published> published(Report report, const std::string& name = "app") {
  auto result = std::make_shared<Published>();
  result->name = name;
  result->last_good = std::make_shared<const Report>(std::move(report));
  result->looked = at(0);
  result->last_success = at(0);
  result->interval = std::chrono::seconds(3);
  result->stage_seconds = {{"compare", 0.25}, {"read", 0.5}};
  result->looks = 41;
  result->failures = {{Reason::Connect, 2}};
  result->skipped = {{Reason::DdlInProgress, 1}};
  result->full_reads = 3;
  result->state_problem = "";
  result->listening_problem = "";
  result->self_test = SelfTest{true, {}, at(-1200)};
  return result;
}

/// One whose tenants have a schema each: two drift alike, one is waited for, one cannot be told.
inline Report tenants_report() {
  Report report = sample_report();
  report.findings = {finding_of({{"column", "driftd_tenant.users.phone"},
                                 DriftKind::Changed,
                                 {{"type", "text", "integer"}},
                                 {},
                                 0,
                                 ObjectId{"table", "driftd_tenant.users"}})};
  for (const char* name : {"t1", "t2", "t3", "t4", "t5<b>"}) {
    report.tenants.push_back({name, {"0007_phone"}, {}, {}});
  }
  report.tenants[4].unknown = Unknown{"history",
                                      Reason::Permission,
                                      "the version table \"t5<b>\".v may not be read",
                                      "GRANT it",
                                      {},
                                      {},
                                      at(-60),
                                      at(0)};
  report.findings[0].tenants = {{"t1", FindingState::Confirmed, at(-300), 3},
                                {"t2", FindingState::Confirmed, at(-300), 3},
                                {"t3", FindingState::Seen, at(0), 1}};
  return report;
}

inline std::shared_ptr<Published> in_sync(const std::string& name = "app") {
  Report report = sample_report();
  report.findings.clear();
  return published(report, name);
}

inline Unknown not_understood() {
  return {"replay",
          Reason::NotUnderstood,
          "op.bulk_insert is not interpreted",
          "Write it as op.execute, or run driftd with a baseline.",
          {"versions/0008_audit.py", 21, 5},
          sample_history(),
          at(-60),
          at(0)};
}

/// `last_success` so many seconds before now.
inline std::shared_ptr<Published> unknown(double ago, const std::string& name = "app") {
  auto result = published(sample_report(), name);
  result->unknown = not_understood();
  result->last_success = at(-ago);
  return result;
}

inline std::shared_ptr<Published> never_looked(const std::string& name = "app") {
  auto result = std::make_shared<Published>();
  result->name = name;
  result->interval = std::chrono::seconds(3);
  return result;
}

/// A database in sync, whose models have a column without a migration and a part that is not
/// understood.
inline std::shared_ptr<Published> with_models(const std::string& name = "app") {
  Report report;
  report.comparison = Comparison::Models;
  report.looked = at(-30);
  Finding phone = finding_of({{"column", "app.users.phone"},
                              DriftKind::Missing,
                              {},
                              {{"type", "text", {}}, {"not_null", "false", {}}},
                              0,
                              ObjectId{"table", "app.users"}});
  phone.comparison = Comparison::Models;
  phone.declared = Provenance{"User.phone", "", {"app/models/user.py", 31}};
  report.findings = {phone};
  report.unread = {{"Audit",
                    "audit",
                    "the type Special of column x is not understood",
                    "Declare it in the settings.",
                    {"app/models/audit.py", 12}}};
  auto models = published(std::move(report), name);
  auto result = in_sync(name);
  result->models = models;
  return result;
}

/// Names as nobody sane gives them; PostgreSQL allows every byte but NUL.
inline std::shared_ptr<Published> hostile() {
  Report report = sample_report();
  report.findings.clear();
  for (const std::string identity : {"app.\"<script>alert(1)</script>\"", "app.\"a\"\"b'c&d\"",
                                     "app.\"line\nbreak\"", "app.\"back\\slash\"",
                                     "app.\"bad\xFF"
                                     "byte\"",
                                     "app.\"bad\xFE"
                                     "byte\"",
                                     "app.\"\x1B[31mred\"", "app.\"{0} %s\""}) {
    report.findings.push_back(finding_of(
        {{"table", identity}, DriftKind::Changed, {{"options", identity, {}}}, {}, 0, {}}));
  }
  report.server.version = "<b>15</b>";
  report.history->database_revisions = {"<i>1</i>", "bad\xFF", "bad\xFE"};
  report.notes = {"a note about <script>"};
  return published(report, "<script>name</script>\n\"q\"");
}

}  // namespace driftd

#include <algorithm>

#include <fmt/format.h>

#include "daemon/publish/finding_html.h"
#include "daemon/publish/html.h"
#include "daemon/publish/publish.h"
#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {

using html::escaped;
using html::path_segment;
using html::row;
using html::time_tag;
using html::value;

namespace {

std::string_view status_class(const Published& published) {
  switch (published.status()) {
    case Status::InSync:
      return "in-sync";
    case Status::Drift:
      return "drift";
    case Status::Unknown:
      return published.unknown ? "unknown" : "waiting";
  }
  return "unknown";
}

/// A mark beside the word, for whoever does not see the colour.
std::string_view status_mark(const Published& published) {
  switch (published.status()) {
    case Status::InSync:
      return "&#10003;";
    case Status::Drift:
      return "&#8800;";
    case Status::Unknown:
      return published.unknown ? "?" : "&#8230;";
  }
  return "?";
}

std::string list_html(const std::vector<std::string>& names) {
  std::vector<std::string> codes;
  for (const std::string& name : names) codes.push_back("<code>" + escaped(name) + "</code>");
  return join(codes, ", ");
}

std::string history_html(const HistoryStatus& history) {
  std::string rows =
      row("migrations",
          fmt::format("{} applied, {} at {}", history.applied, escaped(history.tool),
                      history.database_revisions.empty() ? "no revision"
                                                         : list_html(history.database_revisions)));
  if (!history.pending.empty()) {
    rows += row("pending", fmt::format("{} <small>on disk, not applied: no drift</small>",
                                       list_html(history.pending)));
  }
  if (!history.unknown.empty()) {
    rows += row("unknown", fmt::format("{} <small>in the database, and no file on disk is it"
                                       "</small>",
                                       list_html(history.unknown)));
  }
  if (!history.edited.empty()) {
    rows += row("edited", fmt::format("{} <small>since they were applied: the database has what "
                                      "they said before</small>",
                                      list_html(history.edited)));
  }
  return rows;
}

std::string facts_html(const Published& published, Time now) {
  std::string rows;
  if (published.last_good != nullptr) {
    const ServerInfo& server = published.last_good->server;
    rows += row("server", fmt::format("PostgreSQL {}{}", escaped(server.version),
                                      server.in_recovery ? ", a standby" : ""));
    if (server.database != published.name) rows += row("database", value(server.database));
  }
  if (published.unknown && published.unknown->history) {
    rows += history_html(*published.unknown->history);
  } else if (!published.unknown && published.last_good != nullptr) {
    if (published.last_good->history) rows += history_html(*published.last_good->history);
  }
  if (published.last_good != nullptr && !published.unknown) {
    rows += row("compared", counted(published.last_good->objects, "object"));
    if (!published.last_good->tenants.empty()) {
      rows += row("tenants", escaped(tenants_words(*published.last_good)));
    }
    const std::string run_time = run_time_words(published.last_good->run_time);
    if (!run_time.empty()) rows += row("made at run time", escaped(run_time));
  }
  rows += row("last look", time_tag(published.looked, now));
  if (published.unknown)
    rows += row("last look that could tell", time_tag(published.last_success, now));
  if (published.listening_problem) {
    rows += row("DDL log",
                published.listening_problem->empty()
                    ? "says at once when the schema was changed"
                    : fmt::format("is not listened to: {}", escaped(*published.listening_problem)));
  }
  if (published.self_test && published.self_test->success) {
    rows += row("self-test", "found what it planted " + time_tag(published.self_test->ended, now));
  }
  return fmt::format("<dl class=\"facts\">\n{}</dl>\n", rows);
}

std::string unknown_html(const Unknown& unknown, Time now) {
  std::string rows = row("failed", fmt::format("at the stage {} <small>({})</small>",
                                               escaped(unknown.stage), name_of(unknown.reason)));
  if (unknown.cause) {
    rows += row("cause", fmt::format("{}: {}", escaped(cause_words(unknown.cause->cause)),
                                     escaped(unknown.cause->sentence)));
  }
  if (const std::string where = to_string(unknown.place); !where.empty()) {
    rows += row("at", fmt::format("<code>{}</code>", escaped(where)));
  }
  if (!unknown.hint.empty()) rows += row("try", escaped(unknown.hint));
  rows += row("since", time_tag(unknown.since, now));
  return fmt::format("<dl class=\"facts failure\">\n{}</dl>\n", rows);
}

/// What the reader of the models or of the migrations came to, and could not tell.
std::string unread_html(const Unread& part) {
  std::string rows;
  if (!part.model.empty())
    rows += row("model", fmt::format("<code>{}</code>", escaped(part.model)));
  if (!part.table.empty())
    rows += row("table", fmt::format("<code>{}</code>", escaped(part.table)));
  if (!part.object.empty()) {
    rows += row("not determined", fmt::format("<code>{}</code>", escaped(part.object)));
  }
  rows += row(part.object.empty() ? "not understood" : "because", escaped(part.message));
  if (const std::string where = to_string(part.place); !where.empty()) {
    rows += row("at", fmt::format("<code>{}</code>", escaped(where)));
  }
  if (!part.hint.empty()) rows += row("try", escaped(part.hint));
  return fmt::format("<dl class=\"facts failure\">\n{}</dl>\n", rows);
}

/// The tenants of which nothing can be told. What the others have is said with the findings.
std::string tenants_html(const Report& report, Time now) {
  std::string html;
  for (const UnknownTenants& group : unknown_tenants(report)) {
    const Unknown& unknown = *group.unknown;
    std::string rows =
        row("cannot tell", fmt::format("of {}: {}", counted(group.schemas.size(), "tenant"),
                                       escaped(few_of(group.schemas))));
    rows += row("because", escaped(unknown.message));
    if (const std::string where = to_string(unknown.place); !where.empty()) {
      rows += row("at", fmt::format("<code>{}</code>", escaped(where)));
    }
    if (!unknown.hint.empty()) rows += row("try", escaped(unknown.hint));
    rows += row("since", time_tag(unknown.since, now));
    html += fmt::format("<dl class=\"facts failure\">\n{}</dl>\n", rows);
  }
  return html;
}

std::string waivers_html(const Report& report) {
  std::string html;
  for (const Waived& one : report.waived) {
    const Drift& drift = one.finding.drift;
    html += fmt::format(
        "<p class=\"note waived\">Waived: {} <code>{}</code> {}: {}, says {}, until {}.</p>\n",
        escaped(drift.object.kind), escaped(drift.object.identity),
        escaped(drift_words(one.finding)), escaped(one.waiver.reason), escaped(one.waiver.by),
        escaped(one.waiver.last_day));
  }
  const auto left = [&](const Waiver& waiver, std::string_view why) {
    html += fmt::format(
        "<p class=\"note\">The waiver of {} <code>{}</code> at <code>{}</code> {}.</p>\n",
        escaped(waiver.kind), escaped(waiver.object), escaped(to_string(waiver.place)), why);
  };
  for (const Waiver& waiver : report.expired_waivers) left(waiver, "has expired");
  for (const Waiver& waiver : report.unused_waivers) left(waiver, "covers nothing");
  return html;
}

/// Above the findings that have it.
std::string cause_html(const NamedCause& cause, std::size_t findings) {
  return fmt::format("<p class=\"cause\"><strong>{}</strong> <small>({})</small>: {}</p>\n",
                     escaped(cause_words(cause.cause)), counted(findings, "finding"),
                     escaped(cause.sentence));
}

std::string findings_html(const Published& published, Time now) {
  if (published.last_good == nullptr) return {};
  const Report& report = *published.last_good;
  std::string html;
  for (const std::string& note : report.notes) {
    html += fmt::format("<p class=\"note\">{}</p>\n", escaped(note));
  }
  html += waivers_html(report);
  for (const std::string& pattern : unused_patterns(report.run_time)) {
    html += fmt::format(
        "<p class=\"note\">Of <code>made_at_run_time</code> nothing is called "
        "<code>{}</code>.</p>\n",
        escaped(pattern));
  }
  html += tenants_html(report, now);
  for (const Unread& part : report.unread) html += unread_html(part);
  if (!report.findings.empty()) {
    if (published.unknown) {
      html += fmt::format(
          "<p class=\"note\">These findings are from the last look that could "
          "tell, {}. Whether they still hold is not known.</p>\n",
          time_tag(published.last_success, now));
    }
    for (const CauseGroup& group : by_cause(report)) {
      if (group.cause != nullptr) html += cause_html(*group.cause, group.findings.size());
      html += "<ol class=\"findings\">\n";
      for (const Finding* finding : group.findings) html += finding_html(*finding, now);
      html += "</ol>\n";
    }
  }
  if (!report.resolved.empty()) {
    html += "<ul class=\"resolved\">\n";
    for (const Finding& finding : report.resolved) {
      html +=
          fmt::format("<li>Resolved: {} <code>{}</code> is as it should be again.</li>\n",
                      escaped(finding.drift.object.kind), escaped(finding.drift.object.identity));
    }
    html += "</ul>\n";
  }
  return html;
}

/// The models against the migrations, within the section of their database.
std::string models_html(const Published& models, Time now) {
  std::string html = fmt::format(
      "<section class=\"models {}\">\n<header>\n<h2>models</h2>\n"
      "<p class=\"status\"><span aria-hidden=\"true\">{}</span> {}</p>\n"
      "<p class=\"summary\">{}</p>\n</header>\n",
      status_class(models), status_mark(models), status_words(models), escaped(summary(models)));
  if (models.unknown) html += unknown_html(*models.unknown, now);
  html += findings_html(models, now);
  return html + fmt::format("<dl class=\"facts\">\n{}</dl>\n</section>\n",
                            row("compared", time_tag(models.looked, now)));
}

std::string database_section(const Published& published, Time now, bool linked) {
  const std::string name = escaped(published.name);
  const std::string heading =
      linked ? fmt::format("<a href=\"/databases/{}\">{}</a>", path_segment(published.name), name)
             : name;
  std::string html = fmt::format(
      "<section class=\"database {}\">\n<header>\n<h2>{}</h2>\n"
      "<p class=\"status\"><span aria-hidden=\"true\">{}</span> {}</p>\n"
      "<p class=\"summary\">{}</p>\n</header>\n",
      status_class(published), heading, status_mark(published), status_words(published),
      escaped(summary(published)));
  if (published.deployment) {
    html += fmt::format("<p class=\"note deployment\">Since {}, {}.</p>\n",
                        time_tag(published.deployment->since, now),
                        escaped(words_of(*published.deployment)));
  }
  if (published.unknown) html += unknown_html(*published.unknown, now);
  html += findings_html(published, now) + facts_html(published, now);
  if (published.models != nullptr) html += models_html(*published.models, now);
  return html + "</section>\n";
}

/// The page is asked for again about as often as it can have changed.
std::string document(std::string_view title, std::string_view body,
                     std::chrono::milliseconds interval, Time now) {
  const auto refresh =
      std::clamp<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(interval).count(), 5, 60);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta http-equiv=\"refresh\" content=\"{}\">\n"
      "<title>{}</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n"
      "{}<footer><p>Rendered {}; asks again every {} s.</p>\n"
      "<nav aria-label=\"elsewhere\"><a href=\"/metrics\">metrics</a> "
      "<a href=\"/api/v1/databases\">JSON</a></nav></footer>\n</body>\n</html>\n",
      refresh, escaped(title), body, for_people(now), refresh);
}

int urgency(const Published& published) {
  switch (published.status()) {
    case Status::Drift:
      return 0;
    case Status::Unknown:
      return published.unknown ? 1 : 2;
    case Status::InSync:
      return 3;
  }
  return 1;
}

std::chrono::milliseconds interval_of(const AllPublished& all) {
  auto shortest = std::chrono::milliseconds(60000);
  for (const auto& published : all) shortest = std::min(shortest, published->interval);
  return shortest;
}

}  // namespace

std::string page_html(const AllPublished& all, Time now) {
  AllPublished sorted = all;
  std::ranges::stable_sort(sorted, {}, [](const auto& p) { return urgency(*p); });
  std::string body =
      "<header class=\"top\"><h1>driftd</h1><p>Does each database look as its applied "
      "migrations say?</p></header>\n<main>\n";
  if (sorted.empty()) body += "<p class=\"note\">No database is watched.</p>\n";
  for (const auto& published : sorted) body += database_section(*published, now, true);
  body += "</main>\n";
  std::string title = "driftd";
  if (!sorted.empty()) {
    title = fmt::format("{}: {} - driftd", sorted.front()->name, status_words(*sorted.front()));
  }
  return document(title, body, interval_of(all), now);
}

std::string database_html(const Published& published, Time now) {
  const std::string body =
      "<header class=\"top\"><h1><a href=\"/\">driftd</a></h1></header>\n<main>\n" +
      database_section(published, now, false) + "</main>\n";
  return document(fmt::format("{}: {} - driftd", published.name, status_words(published)), body,
                  published.interval, now);
}

}  // namespace driftd
